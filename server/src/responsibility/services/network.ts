/** Who does what in networks and at their edge: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility, type SettingTest } from '../model.ts';

const MANAGED_RULES: readonly SettingTest[] = [
  { types: ['AWS::WAFv2::WebACL'], path: 'Rules[].Statement.ManagedRuleGroupStatement.Version', present: true },
  { types: ['aws_wafv2_web_acl'], path: 'rule[].statement.managed_rule_group_statement.version', present: true },
];

export const NETWORK = {
  vpc: {
    name: 'Amazon VPC',
    kind: 'infrastructure',
    types: [
      'EC2::InstanceConnectEndpoint',
      'EC2::',
      'vpc',
      'security_group',
      'network_acl',
      'network_interface',
      'subnet',
      'route',
      'flow_log',
      'internet_gateway',
      'egress_only_internet_gateway',
      'nat_gateway',
      'prefix_list',
      'main_route_table_association',
      'default_vpc',
      'default_subnet',
      'default_route_table',
      'default_security_group',
      'default_network_acl',
      'ec2_transit_gateway',
      'ec2_managed_prefix_list',
      'ec2_instance_connect_endpoint',
      'ec2_subnet_cidr_reservation',
      'ec2_network_insights_',
      'ec2_traffic_mirror_',
    ],
    aws: 'the physical network, and the logical isolation of each virtual network from all others.',
    customer:
      'which subnets are public, routes, security groups, network ACLs, endpoints and their policies, flow logs, links to other networks.',
    shared: [
      CONFIGURATION,
      {
        control: 'Availability',
        aws: 'runs separate Availability Zones',
        customer: 'spread subnets and gateways over them',
      },
    ],
    situations: [
      {
        label: 'as a NAT gateway',
        kind: 'managed',
        when: [{ types: ['AWS::EC2::NatGateway', 'aws_nat_gateway'] }],
        aws: 'the gateway itself: its software, its maintenance and its redundancy within an Availability Zone.',
        customer:
          'a gateway in each Availability Zone, the routes that lead to it, the network ACL of its subnet, flow logs; no security group applies to it.',
        shared: [
          {
            control: 'Availability',
            aws: 'keeps the gateway redundant within its zone',
            customer: 'place one in each zone',
          },
        ],
        sources: [page('Compare NAT gateways and NAT instances', 'vpc/latest/userguide/vpc-nat-comparison.html')],
      },
    ],
    sources: [
      page('Infrastructure security in Amazon VPC', 'vpc/latest/userguide/infrastructure-security.html'),
      page('Security best practices for your VPC', 'vpc/latest/userguide/vpc-security-best-practices.html'),
    ],
  },
  sitetositevpn: {
    name: 'AWS Site-to-Site VPN',
    kind: 'managed',
    types: ['EC2::VPN', 'EC2::CustomerGateway', 'vpn_', 'customer_gateway'],
    aws: 'the gateway on the AWS side with two tunnel endpoints, which it updates and replaces.',
    customer:
      'the gateway device on your side with its software and configuration, tunnel options and keys, routes, the use of both tunnels.',
    shared: [
      {
        control: 'Availability',
        aws: 'offers two tunnels for each connection',
        customer: 'keep both up, as an update may interrupt one',
      },
      CONFIGURATION,
    ],
    movers: [
      {
        concern: 'the time of tunnel updates',
        from: 'aws',
        to: 'shared',
        when: [
          {
            types: ['AWS::EC2::VPNConnection'],
            path: 'VpnTunnelOptionsSpecifications[].EnableTunnelLifecycleControl',
            values: ['true'],
          },
          { types: ['aws_vpn_connection'], path: 'tunnel1_enable_tunnel_lifecycle_control', values: ['true'] },
          { types: ['aws_vpn_connection'], path: 'tunnel2_enable_tunnel_lifecycle_control', values: ['true'] },
        ],
        text: 'AWS announces updates of the tunnel endpoint and applies them by itself only when you let the given date pass.',
        rule: {
          id: 'moves-vpn-tunnel-updates',
          title: 'Tunnel updates wait for your consent',
          message: 'Tunnel endpoint updates are now yours to accept; AWS applies them itself only after a given date',
          description:
            'With lifecycle control you choose when AWS replaces a tunnel endpoint, up to a date that AWS sets; urgent updates may still come at once. Someone has to watch AWS Health and accept them. It fits connections that live on a single tunnel; where both tunnels are in use, leave the updates to AWS.',
          back: {
            set: false,
            safe: false,
            note: 'CloudFormation replaces the connection',
          },
        },
        sources: [
          page(
            'AWS Site-to-Site VPN tunnel endpoint lifecycle control',
            'vpn/latest/s2svpn/tunnel-endpoint-lifecycle.html',
          ),
        ],
      },
    ],
    sources: [
      page('How AWS Site-to-Site VPN works', 'vpn/latest/s2svpn/how_it_works.html'),
      page('AWS Site-to-Site VPN tunnel endpoint replacements', 'vpn/latest/s2svpn/endpoint-replacements.html'),
    ],
  },
  clientvpn: {
    name: 'AWS Client VPN',
    kind: 'managed',
    types: ['EC2::ClientVpn', 'ec2_client_vpn_'],
    aws: 'the endpoint at which VPN sessions end, run as a fully managed service.',
    customer:
      'how users authenticate, authorization rules, routes, security groups, connection logs, the client software and the configuration that you hand out.',
    shared: [CONFIGURATION],
    sources: [page('How AWS Client VPN works', 'vpn/latest/clientvpn-admin/how-it-works.html')],
  },
  elb: {
    name: 'Elastic Load Balancing',
    kind: 'managed',
    types: [
      'ElasticLoadBalancing::',
      'ElasticLoadBalancingV2::',
      'lb',
      'alb',
      'elb',
      'load_balancer_',
      'app_cookie_stickiness_policy',
      'proxy_protocol_policy',
    ],
    aws: 'the load balancer nodes and their software, the predefined TLS policies, protection of the service’s network.',
    customer:
      'internet-facing or internal, listeners, TLS policy and certificate, security groups, access logs, the firewall in front, the targets.',
    shared: [
      {
        control: 'Configuration',
        aws: 'publishes TLS policies',
        customer: 'choose one, and a listener that uses it',
      },
    ],
    sources: [
      page(
        'Infrastructure security in Elastic Load Balancing',
        'elasticloadbalancing/latest/userguide/infrastructure-security.html',
      ),
      page('Data protection in Elastic Load Balancing', 'elasticloadbalancing/latest/userguide/data-protection.html'),
    ],
  },
  apigateway: {
    name: 'Amazon API Gateway',
    kind: 'abstracted',
    types: [
      'ApiGateway::',
      'ApiGatewayV2::',
      'Serverless::Api',
      'Serverless::HttpApi',
      'api_gateway_',
      'apigatewayv2_',
    ],
    aws: 'the managed endpoints, which speak HTTPS only, and the certificate of the default execute-api name.',
    customer:
      'authorisers and resource policy, access and execution logs, alarms, encryption of a cache, custom domains with their certificate and TLS policy.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'with a custom domain',
        when: [
          {
            types: [
              'AWS::ApiGateway::DomainName',
              'AWS::ApiGatewayV2::DomainName',
              'aws_api_gateway_domain_name',
              'aws_apigatewayv2_domain_name',
            ],
          },
        ],
        aws: 'the endpoint behind the name, and the TLS versions that can be chosen.',
        customer: 'the name and its certificate, and the lowest TLS version that clients may use.',
        shared: [{ control: 'Configuration', aws: 'publishes TLS policies', customer: 'choose one for the domain' }],
      },
    ],
    sources: [
      page('Data encryption in Amazon API Gateway', 'apigateway/latest/developerguide/data-protection-encryption.html'),
      page(
        'Security best practices in Amazon API Gateway',
        'apigateway/latest/developerguide/security-best-practices.html',
      ),
    ],
  },
  cloudfront: {
    name: 'Amazon CloudFront',
    kind: 'abstracted',
    types: ['CloudFront::', 'cloudfront_'],
    aws: 'the edge locations and Regional caches, and the encryption of what they hold at rest.',
    customer:
      'HTTPS from viewers and to origins, the security of the origin and that only CloudFront reaches it, signed URLs, geography, logs, the firewall in front.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Data protection in Amazon CloudFront',
        'AmazonCloudFront/latest/DeveloperGuide/data-protection-summary.html',
      ),
    ],
  },
  route53: {
    name: 'Amazon Route 53',
    kind: 'abstracted',
    types: ['Route53::', 'Route53Resolver::', 'Route53Profiles::', 'route53_', 'route53domains_', 'route53profiles_'],
    aws: 'the infrastructure that answers DNS queries and runs health checks, and renewing domains unless told otherwise.',
    customer:
      'records, and that none points at what is gone; DNSSEC and its key-signing key, query logs, resolver rules and endpoints, keeping domains registered.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'with DNSSEC signing',
        when: [
          {
            types: [
              'AWS::Route53::DNSSEC',
              'AWS::Route53::KeySigningKey',
              'aws_route53_hosted_zone_dnssec',
              'aws_route53_key_signing_key',
            ],
          },
        ],
        aws: 'signing every answer of the zone, and managing the zone-signing key that does it.',
        customer: 'the key-signing key and the KMS key under it, its rotation, the DS record in the parent zone.',
        shared: [
          {
            control: 'Keys',
            aws: 'manages the zone-signing key',
            customer: 'manage the key-signing key',
          },
        ],
        sources: [
          page(
            'Configuring DNSSEC signing in Amazon Route 53',
            'Route53/latest/DeveloperGuide/dns-configuring-dnssec.html',
          ),
        ],
      },
    ],
    movers: [
      {
        concern: 'renewal of the domain',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['aws_route53domains_registered_domain', 'aws_route53domains_domain'],
            path: 'auto_renew',
            values: ['false'],
          },
        ],
        text: 'Route 53 renews a registered domain each period by default; with renewal off you have to do it in time.',
        rule: {
          id: 'moves-route53-domain-renewal',
          title: 'Domain is not renewed automatically',
          message: 'Automatic renewal is off: keeping the domain registered moves from Route 53 to you',
          description:
            'An expired domain stops resolving, and after a while anyone may register it and receive its traffic and mail. Route 53 renews domains by itself unless told otherwise. Turn it off only for a domain that you mean to give up.',
          back: { set: true, safe: false, note: 'each renewal is charged' },
        },
        sources: [page('Renewing registration for a domain', 'Route53/latest/DeveloperGuide/domain-renew.html')],
      },
    ],
    sources: [
      page('Security in Amazon Route 53', 'Route53/latest/DeveloperGuide/security.html'),
      page(
        'Configuring DNSSEC signing in Amazon Route 53',
        'Route53/latest/DeveloperGuide/dns-configuring-dnssec.html',
      ),
    ],
  },
  globalaccelerator: {
    name: 'AWS Global Accelerator',
    kind: 'abstracted',
    types: ['GlobalAccelerator::', 'globalaccelerator_'],
    aws: 'the edge infrastructure that takes the traffic in, guarded by the global network security of AWS.',
    customer:
      'listeners and ports, which endpoints are exposed and how they are secured, permissions, logging and monitoring.',
    shared: [CONFIGURATION],
    sources: [
      page('Security in AWS Global Accelerator', 'global-accelerator/latest/dg/security.html'),
      page(
        'Infrastructure security in AWS Global Accelerator',
        'global-accelerator/latest/dg/infrastructure-security.html',
      ),
    ],
  },
  networkfirewall: {
    name: 'AWS Network Firewall',
    kind: 'managed',
    types: ['NetworkFirewall::', 'networkfirewall_'],
    aws: 'the firewall engines, and the content of the managed rule groups, which it writes and maintains.',
    customer:
      'policy and rule groups, an endpoint subnet in each Availability Zone, routes through it, logging; managed rules do not replace your part.',
    shared: [{ control: 'Configuration', aws: 'maintains managed rule groups', customer: 'choose and apply them' }],
    sources: [
      page(
        'AWS managed rule groups in AWS Network Firewall',
        'network-firewall/latest/developerguide/nwfw-managed-rule-groups.html',
      ),
      page(
        'Firewall components in AWS Network Firewall',
        'network-firewall/latest/developerguide/firewall-components.html',
      ),
      page(
        'Infrastructure security in AWS Network Firewall',
        'network-firewall/latest/developerguide/infrastructure-security.html',
      ),
    ],
  },
  networkmanager: {
    name: 'AWS Cloud WAN and Network Manager',
    kind: 'managed',
    types: ['NetworkManager::', 'networkmanager_'],
    aws: 'the core network: its Regional connection points, their redundant peering, and carrying out its policy.',
    customer:
      'the policy with its segments and routing, who may attach what, with whom the network is shared, the sites and devices on your side.',
    shared: [CONFIGURATION],
    sources: [page('What is AWS Cloud WAN?', 'network-manager/latest/cloudwan/what-is-cloudwan.html')],
  },
  vpclattice: {
    name: 'Amazon VPC Lattice',
    kind: 'abstracted',
    types: ['VpcLattice::', 'vpclattice_'],
    aws: 'the control and data planes, and the TLS versions and ciphers that they use, which cannot be configured.',
    customer:
      'which networks are associated, auth policies, security groups, HTTPS listeners and certificates, sharing with other accounts, access logs.',
    shared: [CONFIGURATION],
    sources: [
      page('Manage access to VPC Lattice services', 'vpc-lattice/latest/ug/access-management-overview.html'),
      page('Data protection in Amazon VPC Lattice', 'vpc-lattice/latest/ug/data-protection.html'),
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
