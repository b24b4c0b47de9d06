/** Who does what in firewalls and in the defence against floods: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility, type SettingTest } from '../model.ts';

const MANAGED_RULES: readonly SettingTest[] = [
  { types: ['AWS::WAFv2::WebACL'], path: 'Rules[].Statement.ManagedRuleGroupStatement.Version', present: true },
  { types: ['aws_wafv2_web_acl'], path: 'rule[].statement.managed_rule_group_statement.version', present: true },
];

/** Web ACLs of the version before WAFv2. */
const CLASSIC_ACLS = ['AWS::WAF::WebACL', 'AWS::WAFRegional::WebACL', 'aws_waf_web_acl', 'aws_wafregional_web_acl'];

export const FIREWALLS = {
  networkfirewall: {
    name: 'AWS Network Firewall',
    kind: 'managed',
    types: ['NetworkFirewall::', 'networkfirewall_'],
    aws: 'the firewall engines, and the content of AWS managed rule groups, which it updates daily to weekly.',
    customer:
      'policy and rule groups, an endpoint subnet in each Availability Zone, routes through it, DNS queries to the VPC resolver, which it does not see, logging.',
    shared: [{ control: 'Configuration', aws: 'maintains managed rule groups', customer: 'choose and apply them' }],
    sources: [
      page(
        'Considerations and disclaimers for using AWS managed rule groups in Network Firewall',
        'network-firewall/latest/developerguide/aws-managed-rule-groups-disclaimer.html',
      ),
      page(
        'Firewall components in AWS Network Firewall',
        'network-firewall/latest/developerguide/firewall-components.html',
      ),
      page(
        'Managed rule groups in AWS Network Firewall',
        'network-firewall/latest/developerguide/nwfw-managed-rule-groups.html',
      ),
    ],
  },
  waf: {
    name: 'AWS WAF',
    kind: 'abstracted',
    types: ['WAFv2::', 'WAF::', 'WAFRegional::', 'wafv2_', 'waf_', 'wafregional_'],
    aws: 'inspecting requests as the rules say; for AWS Managed Rules also writing and updating them.',
    customer:
      'which resources a web ACL guards, its rules, default action and exceptions, testing them, logging, what requests tell of an attack.',
    shared: [
      {
        control: 'Configuration',
        aws: 'updates its managed rule groups',
        customer: 'choose rules, and review what an update blocks',
      },
    ],
    situations: [
      {
        label: 'as WAF Classic',
        when: [{ types: CLASSIC_ACLS }],
        aws: 'inspecting requests as the rules say, for as long as its planned end of life leaves it in your Region.',
        customer: 'moving to the present AWS WAF in time, the rules until then, their default action, logging.',
        shared: [CONFIGURATION],
        sources: [page('AWS WAF Classic', 'waf/latest/developerguide/classic-waf-chapter.html')],
      },
    ],
    movers: [
      {
        concern: 'updates of managed rules',
        from: 'aws',
        to: 'customer',
        when: MANAGED_RULES,
        text: 'A managed rule group with a version of its own stays at that version until you change it here.',
        rule: {
          id: 'moves-waf-rule-version',
          title: 'Managed rule group stays at one version',
          message:
            'The managed rule group is pinned to a version: moving to newer rules passes from its provider to you',
          description:
            'Without a version, WAF follows the one that the provider recommends. A pinned version gives time to test, but new attacks are met only once you change it, and a version that expires is replaced in a way that the provider decides. If you pin, subscribe to the provider’s notifications and watch the expiry metric.',
          back: { safe: false, note: 'the rules in force may change; try them in count mode first' },
        },
        sources: [
          page(
            'Best practices for handling managed rule group versions',
            'waf/latest/developerguide/waf-managed-rule-groups-best-practice.html',
          ),
          page(
            'Using versioned managed rule groups in AWS WAF',
            'waf/latest/developerguide/waf-managed-rule-groups-versioning.html',
          ),
        ],
      },
    ],
    sources: [
      page('Security in your use of the AWS WAF service', 'waf/latest/developerguide/security.html'),
      page(
        'Best practices for handling managed rule group versions',
        'waf/latest/developerguide/waf-managed-rule-groups-best-practice.html',
      ),
    ],
  },
  shield: {
    name: 'AWS Shield Advanced',
    kind: 'abstracted',
    types: ['Shield::', 'shield_'],
    aws: 'detecting attacks on protected resources, and a response team to call on.',
    customer:
      'which resources are protected, health checks, a web ACL with rate-based rules for web traffic, contacts who answer during an attack.',
    shared: [
      {
        control: 'Detection',
        aws: 'detects and reports attacks',
        customer: 'associate health checks and act on events',
      },
    ],
    movers: [
      {
        concern: 'rules against application-layer floods',
        from: 'customer',
        to: 'shared',
        when: [
          {
            types: ['AWS::Shield::Protection'],
            path: 'ApplicationLayerAutomaticResponseConfiguration.Status',
            values: ['ENABLED'],
          },
          { types: ['aws_shield_application_layer_automatic_response'] },
        ],
        text: 'Shield creates, evaluates and deploys rules against an attack by itself, in a rule group of your web ACL.',
        sources: [
          page(
            'Automating application layer DDoS mitigation with Shield Advanced',
            'waf/latest/developerguide/ddos-automatic-app-layer-response.html',
          ),
        ],
      },
      {
        concern: 'the first call during an attack',
        from: 'customer',
        to: 'shared',
        when: [
          {
            types: ['AWS::Shield::ProactiveEngagement'],
            path: 'ProactiveEngagementStatus',
            values: ['ENABLED'],
          },
          { types: ['aws_shield_proactive_engagement'], path: 'enabled', values: ['true'] },
        ],
        text: 'The response team contacts you when an attack harms a resource that has a health check.',
        sources: [
          page(
            'Setting up proactive engagement for the SRT to contact you directly',
            'waf/latest/developerguide/ddos-srt-proactive-engagement.html',
          ),
        ],
      },
    ],
    sources: [
      page('Security in your use of the AWS Shield service', 'waf/latest/developerguide/shd-security.html'),
      page(
        'Setting up proactive engagement for the SRT to contact you directly',
        'waf/latest/developerguide/ddos-srt-proactive-engagement.html',
      ),
    ],
  },
  fms: {
    name: 'AWS Firewall Manager',
    kind: 'abstracted',
    types: ['FMS::', 'fms_'],
    aws: 'applying your policies across accounts, to new accounts and resources as well.',
    customer:
      'the policies, the rules in them and the accounts and resources that they cover, the administrator account.',
    shared: [CONFIGURATION],
    sources: [
      page('AWS Firewall Manager', 'waf/latest/developerguide/fms-chapter.html'),
      page('Security in your use of the AWS Firewall Manager service', 'waf/latest/developerguide/fms-security.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
