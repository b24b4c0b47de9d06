/** Who does what in identities, keys and certificates: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';

const AWS_POLICIES = ['arn:aws:iam::aws:policy/*', 'arn:aws-us-gov:iam::aws:policy/*', 'arn:aws-cn:iam::aws:policy/*'];
const POLICY_KINDS = page(
  'Managed policies and inline policies',
  'IAM/latest/UserGuide/access_policies_managed-vs-inline.html',
);
const EXTERNAL_STORE = page('External key stores', 'kms/latest/developerguide/keystore-external.html');
const IMPORTED = page('Importing key material for AWS KMS keys', 'kms/latest/developerguide/importing-keys.html');
const PROTECTED = page('Protecting imported key material', 'kms/latest/developerguide/import-keys-protect.html');
const CLOUDHSM_STORE = page('AWS CloudHSM key stores', 'kms/latest/developerguide/keystore-cloudhsm.html');
const RENEWAL = page(
  'Managed certificate renewal in AWS Certificate Manager',
  'acm/latest/userguide/managed-renewal.html',
);
const DIRECTORY = page('What is AWS Directory Service?', 'directoryservice/latest/admin-guide/what_is.html');

export const SECURITY = {
  iam: {
    name: 'AWS IAM',
    kind: 'abstracted',
    types: ['IAM::', 'iam_'],
    aws: 'patching, firewall and recovery of the service, and the upkeep of AWS managed policies.',
    customer:
      'every policy and trust relationship, least privilege, MFA, temporary instead of long-lived credentials, guarding the root user, reviews.',
    shared: [
      CONFIGURATION,
      { control: 'Awareness and training', aws: 'trains its own people', customer: 'train yours' },
    ],
    movers: [
      {
        concern: 'renewal of the certificate',
        from: 'aws',
        to: 'customer',
        when: [{ types: ['AWS::IAM::ServerCertificate', 'aws_iam_server_certificate'] }],
        text: 'A certificate kept in IAM comes from an outside provider, while ACM renews those that it issues.',
        rule: {
          id: 'moves-iam-server-certificate',
          title: 'Server certificate is kept in IAM',
          message: 'The certificate is kept in IAM: obtaining and renewing it is yours, which ACM would do by itself',
          description:
            'IAM stores what you upload and does nothing more; its console does not even show it. AWS advises ACM instead, and IAM only in a Region without ACM. Whoever stays with IAM has to watch the date of expiry and upload a new certificate and key in time.',
        },
        sources: [page('Manage server certificates in IAM', 'IAM/latest/UserGuide/id_credentials_server-certs.html')],
      },
      {
        concern: 'upkeep of the attached policies',
        from: 'customer',
        to: 'aws',
        when: [
          {
            types: ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'],
            path: 'ManagedPolicyArns[]',
            values: AWS_POLICIES,
          },
          {
            types: [
              'aws_iam_role_policy_attachment',
              'aws_iam_user_policy_attachment',
              'aws_iam_group_policy_attachment',
              'aws_iam_policy_attachment',
            ],
            path: 'policy_arn',
            values: AWS_POLICIES,
          },
        ],
        text: 'AWS writes AWS managed policies and changes them as services grow, for everyone who has them attached.',
        sources: [POLICY_KINDS],
      },
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in AWS Identity and Access Management',
        'IAM/latest/UserGuide/configuration-and-vulnerability-analysis.html',
      ),
      page('Security best practices in IAM', 'IAM/latest/UserGuide/best-practices.html'),
      POLICY_KINDS,
    ],
  },
  accessanalyzer: {
    name: 'AWS IAM Access Analyzer',
    kind: 'abstracted',
    types: ['AccessAnalyzer::', 'accessanalyzer_'],
    aws: 'analysing policies when they change and at intervals, and reporting outside, internal or unused access, by type of analyzer.',
    customer:
      'an analyzer in each Region for external access, its zone of trust, archive rules, and removing the access that is not meant.',
    shared: [{ control: 'Detection', aws: 'finds access', customer: 'decide whether it is meant' }],
    sources: [
      page(
        'Using AWS Identity and Access Management Access Analyzer',
        'IAM/latest/UserGuide/what-is-access-analyzer.html',
      ),
    ],
  },
  identitycenter: {
    name: 'AWS IAM Identity Center',
    kind: 'abstracted',
    types: ['SSO::', 'IdentityStore::', 'ssoadmin_', 'identitystore_'],
    aws: 'the sign-in service, the Identity Center directory and the infrastructure under both.',
    customer:
      'the identity source and the people in it, MFA, permission sets and what they allow, who gets which account, leaving when people leave.',
    shared: [CONFIGURATION],
    movers: [
      {
        concern: 'upkeep of the attached policies',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::SSO::PermissionSet'], path: 'ManagedPolicies[]', values: AWS_POLICIES },
          {
            types: ['aws_ssoadmin_managed_policy_attachment'],
            path: 'managed_policy_arn',
            values: AWS_POLICIES,
          },
        ],
        text: 'AWS writes AWS managed policies and changes them as services grow, for everyone who has them attached.',
        sources: [POLICY_KINDS],
      },
    ],
    sources: [
      page('Manage your identity source', 'singlesignon/latest/userguide/manage-your-identity-source.html'),
      page('Security in AWS IAM Identity Center', 'singlesignon/latest/userguide/security.html'),
    ],
  },
  rolesanywhere: {
    name: 'AWS IAM Roles Anywhere',
    kind: 'abstracted',
    types: ['RolesAnywhere::', 'rolesanywhere_'],
    aws: 'checking certificates against your trust anchors and handing out temporary credentials.',
    customer:
      'the certificate authority, the certificates and keys of workloads, revocation, the trust policies of roles: without conditions any anchor opens any of them.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'What is AWS Identity and Access Management Roles Anywhere?',
        'rolesanywhere/latest/userguide/introduction.html',
      ),
      page(
        'IAM Roles Anywhere cloud security and shared responsibility',
        'rolesanywhere/latest/userguide/security.html',
      ),
    ],
  },
  cognito: {
    name: 'Amazon Cognito',
    kind: 'abstracted',
    types: ['Cognito::', 'cognito_'],
    aws: 'operating system and database patching, firewalls and disaster recovery of the service.',
    customer:
      'password policy and MFA, who may sign up, unauthenticated identities and their role, app clients and how applications use the tokens.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Configuration and vulnerability analysis in Amazon Cognito user pools',
        'cognito/latest/developerguide/vulnerability-analysis-and-management.html',
      ),
    ],
  },
  directoryservice: {
    name: 'AWS Directory Service',
    kind: 'managed',
    types: ['DirectoryService::', 'directory_service_'],
    aws: 'the hosts and the software that answer for the directory or pass requests on to it.',
    customer: 'users, groups and passwords, administrators, MFA, trusts with other directories, network access, logs.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'as Managed Microsoft AD',
        when: [
          { types: ['AWS::DirectoryService::MicrosoftAD'] },
          { types: ['aws_directory_service_directory'], path: 'type', values: ['MicrosoftAD'] },
        ],
        aws: 'at least two domain controllers: Windows patches, critical ones within days, monitoring, daily snapshots and recovery.',
        customer:
          'users, groups and Group Policy, password policies, the admin account, secure LDAP, MFA, trusts, further controllers, clients that find another one.',
        shared: [
          {
            control: 'Patching',
            aws: 'patches domain controllers one after another',
            customer: 'let applications locate controllers instead of naming one',
          },
        ],
        sources: [
          page(
            'AWS Managed Microsoft AD key concepts',
            'directoryservice/latest/admin-guide/ms_ad_key_concepts.html#ms_ad_key_concepts_maintenance',
          ),
        ],
      },
      {
        label: 'as AD Connector',
        when: [{ types: ['aws_directory_service_directory'], path: 'type', values: ['ADConnector'] }],
        aws: 'the gateway, which passes requests on and keeps nothing of the directory in the cloud.',
        customer:
          'the whole Active Directory behind it with its servers and patches, the service account, password and lockout policies, MFA by RADIUS.',
        sources: [page('AD Connector', 'directoryservice/latest/admin-guide/directory_ad_connector.html')],
      },
      {
        label: 'as Simple AD',
        when: [
          { types: ['AWS::DirectoryService::SimpleAD'] },
          { types: ['aws_directory_service_directory'], path: 'type', values: ['SimpleAD'], absent: true },
        ],
        aws: 'a directory powered by Samba 4: its servers, monitoring, daily snapshots and recovery.',
        customer:
          'users and groups, the admin password, network access; it offers no MFA, no trusts and no LDAP over TLS.',
      },
    ],
    sources: [
      DIRECTORY,
      page('Security in AWS Directory Service', 'directoryservice/latest/admin-guide/security.html'),
    ],
  },
  kms: {
    name: 'AWS KMS',
    kind: 'abstracted',
    types: ['KMS::', 'kms_'],
    aws: 'the hardware modules, and security, availability and durability of the key material that KMS makes.',
    customer:
      'key policies and grants, which services use a key, rotation, deletion; key material of other origin is yours to keep.',
    shared: [
      {
        control: 'Keys',
        aws: 'generates and guards material',
        customer: 'decide who may use it, and when it rotates or goes',
      },
    ],
    situations: [
      {
        label: 'with imported key material',
        when: [
          { types: ['AWS::KMS::Key'], path: 'Origin', values: ['EXTERNAL'] },
          { types: ['aws_kms_external_key', 'aws_kms_replica_external_key'] },
        ],
        aws: 'guarding and using the copy that you imported; after expiry, deletion or a Region’s failure it cannot bring it back.',
        customer:
          'making the material from good randomness, keeping the original, its expiry, importing it again when it is lost; the key policy.',
        shared: [
          {
            control: 'Keys',
            aws: 'guards its copy and uses it as the key policy allows',
            customer: 'keep the original and decide who may use the key',
          },
        ],
        sources: [PROTECTED, IMPORTED],
      },
      {
        label: 'in an external key store',
        when: [
          { types: ['aws_kms_key'], path: 'xks_key_id', present: true },
          {
            types: ['aws_kms_custom_key_store'],
            path: 'custom_key_store_type',
            values: ['EXTERNAL_KEY_STORE'],
          },
        ],
        aws: 'prompt requests to your key store proxy, and a first layer of encryption with material of its own.',
        customer:
          'the external key manager and the proxy, security, durability, availability and latency of the keys; when they are gone, so is the data.',
        shared: [
          {
            control: 'Keys',
            aws: 'adds a layer of encryption with material of its own',
            customer: 'keep the external keys within reach, and decide who may use them',
          },
        ],
        sources: [EXTERNAL_STORE],
      },
      {
        label: 'in an AWS CloudHSM key store',
        when: [
          { types: ['aws_kms_key'], path: 'custom_key_store_id', present: true },
          { types: ['aws_kms_custom_key_store'], path: 'cloud_hsm_cluster_id', present: true },
        ],
        aws: 'generating material in your cluster, and connecting to it to use the keys.',
        customer:
          'the CloudHSM cluster: at least two active HSMs, its users and backups, staying connected; the key policy; rotation by hand.',
        shared: [
          {
            control: 'Keys',
            aws: 'creates the material in your cluster',
            customer: 'keep the cluster running and backed up, and decide who may use the keys',
          },
        ],
        sources: [CLOUDHSM_STORE],
      },
    ],
    movers: [
      {
        concern: 'custody of the key material',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::KMS::Key'], path: 'Origin', values: ['EXTERNAL'] },
          { types: ['aws_kms_external_key', 'aws_kms_replica_external_key'] },
          { types: ['aws_kms_key'], path: 'xks_key_id', present: true },
        ],
        text: 'KMS answers for the durability of material that it makes; what you bring is yours to keep and to replace.',
        rule: 'moves-kms-imported-material',
        sources: [PROTECTED, EXTERNAL_STORE],
      },
      {
        concern: 'the hardware modules under the keys',
        from: 'aws',
        to: 'shared',
        when: [{ types: ['aws_kms_custom_key_store'], path: 'cloud_hsm_cluster_id', present: true }],
        text: 'Keys of this store live in a CloudHSM cluster that you own and manage, and work only while it is connected.',
        rule: {
          id: 'moves-kms-cloudhsm-store',
          title: 'Keys live in a CloudHSM cluster of your own',
          message: 'The key store is a CloudHSM cluster of yours: its HSMs, users and backups are now yours to manage',
          description:
            'KMS still makes the key material, but in your cluster: while that is disconnected, the keys cannot be used. There is no automatic rotation in such a store. The standard key store needs none of this; keep your own only where a rule demands it.',
        },
        sources: [CLOUDHSM_STORE],
      },
      {
        concern: 'rotation of the key material',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::KMS::Key'], path: 'EnableKeyRotation', values: ['true'] },
          { types: ['aws_kms_key'], path: 'enable_key_rotation', values: ['true'] },
        ],
        text: 'KMS makes new key material on a schedule and keeps the old for what it encrypted.',
        sources: [page('Rotate AWS KMS keys', 'kms/latest/developerguide/rotate-keys.html')],
      },
    ],
    sources: [EXTERNAL_STORE, PROTECTED],
  },
  secretsmanager: {
    name: 'AWS Secrets Manager',
    kind: 'abstracted',
    types: ['SecretsManager::', 'secretsmanager_'],
    aws: 'storing secrets, TLS on the way to them, and running rotation on the schedule that is set.',
    customer:
      'who may read a secret, rotation and the function that does it, a key of your own for other accounts, replicas, keeping the value out of code.',
    shared: [{ control: 'Keys', aws: 'encrypts every secret', customer: 'choose the key and rotate the secret' }],
    movers: [
      {
        concern: 'rotation of the secret',
        from: 'customer',
        to: 'aws',
        when: [{ types: ['aws_secretsmanager_secret_rotation'], path: 'rotation_lambda_arn', absent: true }],
        text: 'With managed rotation the service that owns the secret changes it, and no Lambda function of yours is involved.',
        sources: [
          page(
            'Managed rotation for AWS Secrets Manager secrets',
            'secretsmanager/latest/userguide/rotate-secrets_managed.html',
          ),
        ],
      },
    ],
    sources: [
      page('Data protection in AWS Secrets Manager', 'secretsmanager/latest/userguide/data-protection.html'),
      page('AWS Secrets Manager best practices', 'secretsmanager/latest/userguide/best-practices.html'),
    ],
  },
  acm: {
    name: 'AWS Certificate Manager',
    kind: 'abstracted',
    types: ['CertificateManager::', 'acm_'],
    aws: 'issuing certificates, keeping their keys encrypted, and renewing in time those that it issued and that are in use.',
    customer:
      'the names, proof that you own the domain, the DNS records that let renewal go through, a certificate in each Region, those that you import or export.',
    shared: [
      { control: 'Keys', aws: 'keeps private keys encrypted with KMS', customer: 'guard what you import or export' },
    ],
    situations: [
      {
        label: 'as an imported certificate',
        when: [{ types: ['aws_acm_certificate'], path: 'certificate_body', present: true }],
        aws: 'storing the certificate and its key encrypted, and handing them to integrated services.',
        customer: 'generating the key, obtaining the certificate, watching its expiry and importing a new one in time.',
        sources: [
          page('Import certificates into AWS Certificate Manager', 'acm/latest/userguide/import-certificate.html'),
        ],
      },
      {
        label: 'from a private CA',
        when: [
          { types: ['AWS::CertificateManager::Certificate'], path: 'CertificateAuthorityArn', present: true },
          { types: ['aws_acm_certificate'], path: 'certificate_authority_arn', present: true },
        ],
        aws: 'keeping the key encrypted, and renewing the certificate without validation once it is in use or exported; integrated services get the renewed one by themselves.',
        customer:
          'the private CA, its permission for ACM to renew, its root in the trust stores of clients, and exporting and installing each renewal outside integrated services.',
        sources: [
          page(
            'Private certificate renewal in AWS Certificate Manager',
            'acm/latest/userguide/renew-private-cert.html',
          ),
        ],
      },
    ],
    movers: [
      {
        concern: 'renewal of the certificate',
        from: 'aws',
        to: 'customer',
        when: [{ types: ['aws_acm_certificate'], path: 'certificate_body', present: true }],
        text: 'ACM renews the certificates that it issues, never those that you import.',
        rule: {
          id: 'moves-acm-imported',
          title: 'Certificate is imported',
          message: 'The certificate is imported: renewing it before it expires moves from ACM to you',
          description:
            'ACM keeps an imported certificate and serves it, but does not renew it, and once it has expired clients refuse the connection. Its key also passes through the configuration and the state. Ask ACM for a certificate of its own where you can, and set an alarm on the days to expiry of those that stay.',
        },
        sources: [
          page('Import certificates into AWS Certificate Manager', 'acm/latest/userguide/import-certificate.html'),
          RENEWAL,
        ],
      },
      {
        concern: 'renewal of the certificate',
        from: 'aws',
        to: 'shared',
        when: [
          { types: ['AWS::CertificateManager::Certificate'], path: 'ValidationMethod', values: ['EMAIL'] },
          { types: ['aws_acm_certificate'], path: 'validation_method', values: ['EMAIL'] },
        ],
        text: 'With validation by email every renewal waits until the owner of the domain has answered the mail.',
        rule: {
          id: 'moves-acm-email-validation',
          title: 'Certificate is validated by email',
          message: 'Email validation: each renewal now waits for someone to follow the link in a mail',
          description:
            'ACM writes to the contacts of the domain 45 days before the certificate expires and renews only once each name is confirmed. Mail that nobody reads ends in an expired certificate. With DNS validation ACM renews without asking, as long as its record stays in place.',
          back: {
            set: 'DNS',
            safe: false,
            note: 'needs a record in DNS; Terraform replaces the certificate',
          },
        },
        sources: [
          page('Renewal for email-validated domains', 'acm/latest/userguide/email-renewal-validation.html'),
          RENEWAL,
        ],
      },
      {
        concern: 'the private key and its deployment',
        from: 'aws',
        to: 'shared',
        when: [
          { types: ['AWS::CertificateManager::Certificate'], path: 'CertificateExport', values: ['ENABLED'] },
          { types: ['aws_acm_certificate'], path: 'options.export', values: ['ENABLED'] },
        ],
        text: 'ACM still renews an exportable certificate, but guarding the exported key and deploying each renewal is your part.',
        rule: {
          id: 'moves-acm-exportable',
          title: 'Certificate may be exported with its key',
          message: 'The private key may be exported: guarding it and deploying each renewal moves from ACM to you',
          description:
            'Used within integrated services, the key of a certificate never leaves AWS and a renewal takes effect by itself. An exported one lives on your hosts: protect the key, deploy each renewed certificate, and revoke it when a host is lost. Leave export off for certificates that only AWS services use.',
          back: { set: 'DISABLED', safe: false, note: 'CloudFormation replaces the certificate' },
        },
        sources: [
          page(
            'AWS Certificate Manager exportable public certificates',
            'acm/latest/userguide/acm-exportable-certificates.html',
          ),
        ],
      },
    ],
    sources: [RENEWAL, page('Data protection in AWS Certificate Manager', 'acm/latest/userguide/data-protection.html')],
  },
  acmpca: {
    name: 'AWS Private CA',
    kind: 'abstracted',
    types: ['ACMPCA::', 'acmpca_'],
    aws: 'the service that issues and revokes, and the private keys of authorities, kept in hardware modules.',
    customer:
      'the hierarchy and its validity, who may issue certificates and for what, sharing with accounts, revocation, renewing what is issued outside ACM.',
    shared: [{ control: 'Keys', aws: 'keeps CA keys in HSMs', customer: 'decide who may sign with them' }],
    movers: [
      {
        concern: 'renewal of private certificates',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::ACMPCA::Permission'], path: 'Principal', values: ['acm.amazonaws.com'] },
          { types: ['aws_acmpca_permission'], path: 'principal', values: ['acm.amazonaws.com'] },
        ],
        text: 'With this permission ACM renews by itself the certificates that were requested through it.',
        sources: [
          page(
            'Create single-account permissions for an IAM user',
            'privateca/latest/userguide/assign-permissions.html',
          ),
        ],
      },
    ],
    sources: [
      page('Data protection in AWS Private Certificate Authority', 'privateca/latest/userguide/data-protection.html'),
      page('Create single-account permissions for an IAM user', 'privateca/latest/userguide/assign-permissions.html'),
    ],
  },
  paymentcryptography: {
    name: 'AWS Payment Cryptography',
    kind: 'abstracted',
    types: ['PaymentCryptography::', 'paymentcryptography_'],
    aws: 'the payment HSMs, and storing key material durably so that it never leaves them in plaintext.',
    customer:
      'who may use, export or import keys, what each key may be used for, exchanging keys with partners, network access, logs.',
    shared: [{ control: 'Keys', aws: 'guards and stores key material', customer: 'control its use and exchange' }],
    sources: [
      page('Data protection in AWS Payment Cryptography', 'payment-cryptography/latest/userguide/data-protection.html'),
    ],
  },
  signer: {
    name: 'AWS Signer',
    kind: 'abstracted',
    types: ['Signer::', 'signer_'],
    aws: 'the signing service, and the keys of the code-signing certificates that it manages.',
    customer:
      'signing profiles, which roles and accounts may sign, that only reviewed code is signed, having signatures checked at deployment.',
    shared: [{ control: 'Keys', aws: 'manages signing keys', customer: 'decide who signs' }],
    sources: [
      page('What is AWS Signer?', 'signer/latest/developerguide/Welcome.html'),
      page('Security in AWS Signer', 'signer/latest/developerguide/security.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
