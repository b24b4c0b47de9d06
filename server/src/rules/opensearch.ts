/** Amazon OpenSearch Service: encryption, exposure and access of domains. Operation is in opensearch-operations.ts. */

import type { Consumer, PolicyDocument } from '../iam/document.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { declareCompanions } from '../template/companions.ts';
import type { Found } from '../template/select.ts';
import { set } from './fixes.ts';
import { setInBlock } from './nested-fixes.ts';
import { OPENSEARCH_OPERATION_RULES } from './opensearch-operations.ts';
import {
  DOMAINS,
  domainsOf,
  hasFineGrainedAccess,
  hasSeveralNodes,
  isElasticsearch,
  TF_DOMAINS,
  versionBelow,
} from './opensearch-types.ts';
import { isFalse, isPresent, isTrue, otherwise, textThat } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { FixMaker, Predicate, Rule } from './rule.ts';
import { SECRET_SEVERITIES, type SecretProperty, secretChecks } from './secrets.ts';
import { any, has, isOn, not } from './shared.ts';

declareCompanions('aws_opensearch_domain', { aws_opensearch_domain_policy: 'domain_name' });
declareCompanions('aws_elasticsearch_domain', { aws_elasticsearch_domain_policy: 'domain_name' });

const AT_REST = aws(
  'Encryption of data at rest for Amazon OpenSearch Service',
  'opensearch-service/latest/developerguide/encryption-at-rest.html',
);
const NODE_TO_NODE = aws(
  'Node-to-node encryption for Amazon OpenSearch Service',
  'opensearch-service/latest/developerguide/ntn.html',
);
const INFRASTRUCTURE = aws(
  'Infrastructure security in Amazon OpenSearch Service',
  'opensearch-service/latest/developerguide/infrastructure-security.html',
);
const ACCESS = aws(
  'Identity and Access Management in Amazon OpenSearch Service',
  'opensearch-service/latest/developerguide/ac.html',
);
const FINE_GRAINED = aws(
  'Fine-grained access control in Amazon OpenSearch Service',
  'opensearch-service/latest/developerguide/fgac.html',
);
const VPC = aws(
  'Launching your Amazon OpenSearch Service domains within a VPC',
  'opensearch-service/latest/developerguide/vpc.html',
);

/** The policies of TLS 1.2 and later pass; names that are not known are not judged. */
const modernTls: Predicate = textThat((name) => {
  if (/^Policy-Min-TLS-1-0-/.test(name)) return false;
  return /^Policy-Min-TLS-1-[23]-/.test(name) ? true : undefined;
});

const useModernTls = setInBlock('Policy-Min-TLS-1-2-PFS-2023-10', {
  safe: false,
  note: 'only clients with TLS 1.2 can connect then',
});

const encryptNodes = setInBlock(true, { safe: false, note: 'cannot be undone; needs Elasticsearch 6.0 or OpenSearch' });

/** From these versions of Elasticsearch on a domain can be encrypted at rest, and have fine-grained access control. */
const ENCRYPTABLE = '5.1';
const FINE_GRAINED_SINCE = '6.7';

/** What a domain lacks, and the version it needs for that where it runs an older one. */
function lacking(what: string, since: string): (found: Found) => string {
  return ({ resource }) => {
    const version = versionBelow(resource, since);
    const domain = isElasticsearch(resource) ? 'Elasticsearch domain' : 'OpenSearch domain';
    const older =
      version === undefined ? '' : `; that takes Elasticsearch ${since} or later, and this one runs ${version}`;
    return `${domain} ${what}${older}`;
  };
}

/** A fix that a domain of an older version cannot be deployed with is not offered there. */
function unlessOlder(since: string, fix: FixMaker): FixMaker {
  return (found) => (versionBelow(found.resource, since) === undefined ? fix(found) : undefined);
}

/** Only where the block is there already with the administrator in it, and lets nobody in without a name. */
const turnOnFineGrained: FixMaker = (found) => {
  const { resource } = found;
  const [users, anonymous] = resource.type.startsWith('AWS::')
    ? ['AdvancedSecurityOptions.MasterUserOptions', 'AdvancedSecurityOptions.AnonymousAuthEnabled']
    : ['advanced_security_options.master_user_options', 'advanced_security_options.anonymous_auth_enabled'];
  if (has(resource, users) !== true || isOn(resource, anonymous) !== false) return undefined;
  return setInBlock(true, {
    safe: false,
    note: 'cannot be undone; needs HTTPS, and encryption at rest and between nodes',
  })(found);
};

/** An open policy is how AWS recommends it where each user is asked for a name: not judged there. */
function isOnlyGuard(_policy: PolicyDocument, carriers: readonly Consumer[]): boolean | undefined {
  const domains = carriers.flatMap(({ resource }) => domainsOf(resource));
  return domains.length ? any(...domains.map((domain) => not(hasFineGrainedAccess(domain)))) : true;
}

const MASTER_PASSWORD: readonly SecretProperty[] = [
  {
    at: [
      ...DOMAINS.map((type) => `${type}.AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword`),
      ...TF_DOMAINS.map((type) => `${type}.advanced_security_options.master_user_options.master_user_password`),
    ],
    what: 'Password of the master user',
    severity: 'critical',
  },
];

export const OPENSEARCH_RULES: readonly Rule[] = [
  {
    id: 'opensearch-at-rest',
    title: 'OpenSearch domain is not encrypted at rest',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'OpenSearch Service encrypts the data of a domain made by a template only when asked to; asking is yours.',
    },
    description:
      'Indexes, logs, swap files and automated snapshots of the domain lie in plain on disk. Turn encryption at rest on; a key that AWS manages is used where you name none. It cannot be turned off again, and a domain that already says otherwise may be replaced.',
    aws: awsDefaults('opensearch-at-rest'),
    aliases: [
      'checkov:CKV_AWS_5',
      'cfn_nag:W54',
      'trivy:AVD-AWS-0048',
      'guard:OPENSEARCH_ENCRYPTED_AT_REST',
      'guard:ELASTICSEARCH_ENCRYPTED_AT_REST',
      'cdk-nag:AwsSolutions-OS8',
      'kics:ElasticSearch Not Encrypted At Rest',
    ],
    references: [AT_REST],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DOMAINS, path: 'EncryptionAtRestOptions.Enabled' },
          { type: TF_DOMAINS, path: 'encrypt_at_rest.enabled' },
        ],
        must: isTrue,
        absent: false,
        message: lacking('is not encrypted at rest', ENCRYPTABLE),
        fix: unlessOlder(
          ENCRYPTABLE,
          setInBlock(true, { safe: false, note: 'cannot be undone, and may replace the domain' }),
        ),
      },
    ],
  },
  {
    id: 'opensearch-node-to-node',
    title: 'Nodes of the domain talk to each other unencrypted',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS gives each domain a network of its own; encrypting the traffic in it is an option that you turn on.',
    },
    description:
      'Documents and queries pass between the nodes in the clear, even those that came in over HTTPS. Turn node-to-node encryption on: it needs OpenSearch, or Elasticsearch 6.0 or later, and cannot be turned off again.',
    aws: awsDefaults('opensearch-node-to-node'),
    aliases: [
      'checkov:CKV_AWS_6',
      'cfn_nag:W85',
      'trivy:AVD-AWS-0043',
      'guard:OPENSEARCH_NODE_TO_NODE_ENCRYPTION_CHECK',
      'guard:ELASTICSEARCH_NODE_TO_NODE_ENCRYPTION_CHECK',
      'cdk-nag:AwsSolutions-OS2',
      'kics:Elasticsearch Domain Not Encrypted Node To Node',
    ],
    variants: {
      single: {
        severity: 'low',
        message: 'Node-to-node encryption is off: with a second node, they talk to each other unencrypted',
        aliases: [
          'cfn_nag:W85',
          'trivy:AVD-AWS-0043',
          'guard:OPENSEARCH_NODE_TO_NODE_ENCRYPTION_CHECK',
          'guard:ELASTICSEARCH_NODE_TO_NODE_ENCRYPTION_CHECK',
          'cdk-nag:AwsSolutions-OS2',
          'kics:Elasticsearch Domain Not Encrypted Node To Node',
        ],
      },
    },
    references: [NODE_TO_NODE],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DOMAINS, path: 'NodeToNodeEncryptionOptions.Enabled', where: hasSeveralNodes },
          { type: TF_DOMAINS, path: 'node_to_node_encryption.enabled', where: hasSeveralNodes },
        ],
        must: isTrue,
        absent: false,
        fix: encryptNodes,
      },
      {
        kind: 'property',
        targets: [
          { type: DOMAINS, path: 'NodeToNodeEncryptionOptions.Enabled', where: (domain) => !hasSeveralNodes(domain) },
          { type: TF_DOMAINS, path: 'node_to_node_encryption.enabled', where: (domain) => !hasSeveralNodes(domain) },
        ],
        must: otherwise(isTrue, 'single'),
        absent: 'single',
        fix: encryptNodes,
      },
    ],
  },
  {
    id: 'opensearch-https',
    title: 'Domain accepts plain HTTP',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS serves the endpoint over HTTPS as well; refusing those who come by HTTP is your setting.',
    },
    description:
      'Queries, documents and passwords can travel unencrypted and be read or changed on the way. Require HTTPS for all traffic to the domain.',
    aws: awsDefaults('opensearch-https'),
    aliases: [
      'checkov:CKV_AWS_83',
      'trivy:AVD-AWS-0046',
      'guard:OPENSEARCH_HTTPS_REQUIRED',
      'guard:ELASTICSEARCH_HTTPS_REQUIRED',
      'kics:Elasticsearch with HTTPS disabled',
    ],
    references: [INFRASTRUCTURE],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DOMAINS, path: 'DomainEndpointOptions.EnforceHTTPS' },
          // The provider's default, where the block is there.
          { type: TF_DOMAINS, path: 'domain_endpoint_options.enforce_https', absent: true },
        ],
        must: isTrue,
        absent: false,
        fix: setInBlock(true, { safe: false, note: 'plain HTTP is refused then' }),
      },
      {
        kind: 'property',
        targets: [{ type: TF_DOMAINS, path: 'domain_endpoint_options' }],
        must: isPresent,
        absent: false,
        fix: set(
          { enforce_https: true },
          {
            title: 'Set domain_endpoint_options.enforce_https to true',
            safe: false,
            note: 'plain HTTP is refused then',
          },
        ),
      },
    ],
  },
  {
    id: 'opensearch-tls-policy',
    title: 'Domain accepts TLS 1.0',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS runs the endpoint and keeps its TLS policies; which of them a domain uses is your choice.',
    },
    description:
      'TLS 1.0 and 1.1 have known weaknesses, and a client that falls back to them is not well protected. Name the policy: `Policy-Min-TLS-1-2-PFS-2023-10` takes TLS 1.2 and 1.3 with forward secrecy.',
    aliases: [
      'checkov:CKV_AWS_228',
      'trivy:AVD-AWS-0126',
      'guard:OPENSEARCH_HTTPS_REQUIRED',
      'guard:ELASTICSEARCH_HTTPS_REQUIRED',
    ],
    variants: {
      default: {
        severity: 'low',
        message: 'No TLS policy is named: which versions of TLS the domain accepts is left to the service',
      },
    },
    references: [
      aws('DomainEndpointOptions', 'opensearch-service/latest/APIReference/API_DomainEndpointOptions.html'),
      INFRASTRUCTURE,
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DOMAINS, path: 'DomainEndpointOptions.TLSSecurityPolicy' },
          { type: TF_DOMAINS, path: 'domain_endpoint_options.tls_security_policy' },
        ],
        must: modernTls,
        absent: 'default',
        fix: useModernTls,
      },
    ],
  },
  publicPolicyRule({
    id: 'opensearch-public-policy',
    thing: 'domain',
    service: 'es',
    standalone: true,
    unsigned: true,
    where: isOnlyGuard,
    title: 'Access policy of the domain lets everyone in',
    description:
      'The endpoint is on the internet, and a statement allows every principal without a condition that narrows it: anyone can search, change and delete the indexes, without credentials. Name the roles that use the domain, allow only your addresses with `aws:SourceIp`, or turn on fine-grained access control. In a VPC the policy may be open.',
    aws: awsDefaults('opensearch-policy'),
    aliases: [
      'checkov:CKV_AWS_283',
      'cdk-nag:AwsSolutions-OS3',
      'cdk-nag:AwsSolutions-OS5',
      'kics:Elasticsearch Domain With Vulnerable Policy',
      'kics:Elasticsearch Without IAM Authentication',
    ],
    references: [ACCESS],
  }),
  {
    id: 'opensearch-not-vpc',
    title: 'Domain has a public endpoint',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS places a domain in your VPC when you name subnets, and on the internet when you do not.',
    },
    description:
      'Any device on the internet reaches the endpoint, and only the access policy and the login keep it out. Place the domain in private subnets. That can only be chosen when the domain is made: its data has to move to a new one.',
    aws: awsDefaults('opensearch-security-group'),
    aliases: [
      'checkov:CKV_AWS_137',
      'cfn_nag:W90',
      'guard:OPENSEARCH_IN_VPC_ONLY',
      'guard:ELASTICSEARCH_IN_VPC_ONLY',
      'cdk-nag:AwsSolutions-OS1',
    ],
    variants: {
      'default-group': {
        severity: 'low',
        message: 'No security group is named: the domain uses the default one of the VPC',
        aliases: ['checkov:CKV_AWS_248'],
      },
    },
    references: [VPC],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DOMAINS, path: 'VPCOptions' },
          { type: TF_DOMAINS, path: 'vpc_options' },
        ],
        must: isPresent,
        absent: false,
      },
      {
        kind: 'property',
        targets: [
          {
            type: DOMAINS,
            path: 'VPCOptions.SecurityGroupIds',
            where: (domain) => has(domain, 'VPCOptions'),
          },
          {
            type: TF_DOMAINS,
            path: 'vpc_options.security_group_ids',
            where: (domain) => has(domain, 'vpc_options'),
          },
        ],
        must: otherwise(isPresent, 'default-group'),
        absent: 'default-group',
      },
    ],
  },
  {
    id: 'opensearch-fgac',
    title: 'Domain has no fine-grained access control',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'OpenSearch Service can ask each user who they are and what they may see; turning that on, and its users, are yours.',
    },
    description:
      'Whoever the access policy lets in may read and delete every index. With fine-grained access control users log in, and roles decide which indexes, documents and fields they see. It needs HTTPS and both kinds of encryption, and cannot be turned off again. Keep the password of the master user out of the template, or name an IAM role as the master user.',
    aliases: ['checkov:CKV2_AWS_52', 'guard:OPENSEARCH_ACCESS_CONTROL_ENABLED'],
    variants: {
      ...SECRET_SEVERITIES,
      anonymous: {
        severity: 'high',
        message: 'Anonymous users are let in as long as the migration to fine-grained access control lasts',
        aliases: [],
      },
    },
    references: [FINE_GRAINED],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DOMAINS, path: 'AdvancedSecurityOptions.Enabled' },
          { type: TF_DOMAINS, path: 'advanced_security_options.enabled' },
        ],
        must: isTrue,
        absent: false,
        message: lacking('has no fine-grained access control', FINE_GRAINED_SINCE),
        fix: unlessOlder(FINE_GRAINED_SINCE, turnOnFineGrained),
      },
      {
        kind: 'property',
        targets: [
          { type: DOMAINS, path: 'AdvancedSecurityOptions.AnonymousAuthEnabled', where: hasFineGrainedAccess },
          { type: TF_DOMAINS, path: 'advanced_security_options.anonymous_auth_enabled', where: hasFineGrainedAccess },
        ],
        must: otherwise(isFalse, 'anonymous'),
        absent: true,
        fix: set(false, { safe: false, note: 'users without a role mapping lose access' }),
      },
      ...secretChecks(MASTER_PASSWORD),
    ],
  },
  ...OPENSEARCH_OPERATION_RULES,
];
