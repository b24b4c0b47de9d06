/** What AWS does by default in IAM, keys, secrets, trails, logs and identities. */

import type { AwsDefault } from '../aws-defaults.ts';

export const SECURITY_DEFAULTS = {
  'kms-policy': {
    types: ['AWS::KMS::Key', 'aws_kms_key', 'aws_kms_key_policy'],
    paths: ['KeyPolicy', 'policy'],
    text: 'A key without a policy gets the default one, which lets IAM policies of the account decide.',
    source: 'AWS KMS API Reference: CreateKey',
  },
  'kms-rotation': {
    types: ['AWS::KMS::Key', 'aws_kms_key'],
    paths: ['EnableKeyRotation', 'enable_key_rotation', 'RotationPeriodInDays', 'rotation_period_in_days'],
    text: 'Rotation of a customer managed key is off until it is switched on; it then happens every 365 days unless another period is set.',
    source: 'Rotate AWS KMS keys (AWS KMS Developer Guide)',
  },
  'kms-enabled': {
    types: ['AWS::KMS::Key', 'aws_kms_key'],
    paths: ['Enabled', 'is_enabled', 'PendingWindowInDays', 'deletion_window_in_days'],
    text: 'A key is enabled unless that is switched off, and is deleted 30 days after that was asked for unless another period is set.',
    source: 'AWS::KMS::Key (AWS CloudFormation Template Reference)',
  },
  'kms-lockout': {
    types: ['AWS::KMS::Key', 'aws_kms_key'],
    paths: ['BypassPolicyLockoutSafetyCheck', 'bypass_policy_lockout_safety_check'],
    done: true,
    text: 'KMS refuses a key policy that would lock its author out, unless that check is bypassed.',
    source: 'AWS::KMS::Key (AWS CloudFormation Template Reference)',
  },
  'secretsmanager-encryption': {
    types: ['AWS::SecretsManager::Secret', 'aws_secretsmanager_secret'],
    paths: ['KmsKeyId', 'kms_key_id'],
    done: true,
    text: 'A secret that names no key is encrypted with aws/secretsmanager.',
    source: 'AWS::SecretsManager::Secret (AWS CloudFormation Template Reference)',
  },
  'secretsmanager-block-public': {
    types: ['AWS::SecretsManager::ResourcePolicy', 'aws_secretsmanager_secret_policy'],
    paths: ['BlockPublicPolicy', 'block_public_policy'],
    done: true,
    text: 'CloudFormation has broad policies refused by default; the API and Terraform only with BlockPublicPolicy.',
    terraform: 'The provider has policies checked only where block_public_policy is true.',
    source:
      'AWS::SecretsManager::ResourcePolicy (AWS CloudFormation Template Reference); AWS Secrets Manager API Reference: PutResourcePolicy',
  },
  'ssm-secure-string': {
    types: ['aws_ssm_parameter'],
    paths: ['type', 'key_id'],
    text: 'A SecureString parameter that names no key is encrypted with aws/ssm.',
    source: 'AWS KMS encryption for AWS Systems Manager Parameter Store SecureString parameters',
  },
  'ssm-parameter-type': {
    types: ['AWS::SSM::Parameter'],
    paths: ['Type'],
    text: 'Parameters of type String are stored without KMS encryption; CloudFormation cannot create type SecureString.',
    source: 'AWS::SSM::Parameter (AWS CloudFormation Template Reference)',
  },
  'iam-policy-version': {
    types: ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'],
    paths: ['PolicyDocument.Version', 'AssumeRolePolicyDocument.Version', 'Policies.PolicyDocument.Version'],
    text: 'A policy without Version counts as 2008-10-17, in which policy variables do not work.',
    source: 'IAM JSON policy elements: Version (IAM User Guide)',
  },
  'iam-password-policy': {
    types: ['aws_iam_account_password_policy'],
    paths: [
      'minimum_password_length',
      'require_lowercase_characters',
      'require_uppercase_characters',
      'require_numbers',
      'require_symbols',
      'max_password_age',
      'password_reuse_prevention',
    ],
    text: 'Without a custom policy passwords need eight characters and a mix of character types; in a custom one that leaves members out, six characters of any kind do.',
    source:
      'Set an account password policy for IAM users (IAM User Guide); IAM API Reference: UpdateAccountPasswordPolicy',
  },
  'iam-shared-oidc': {
    types: ['AWS::IAM::Role', 'aws_iam_role'],
    paths: ['AssumeRolePolicyDocument', 'assume_role_policy'],
    text: 'IAM refuses to create or change a role that trusts a provider shared by many customers without a condition on the claim that tells them apart; existing roles keep working.',
    source: 'Identity-provider controls for shared OIDC providers (IAM User Guide)',
  },
  'iam-session-duration': {
    types: ['AWS::IAM::Role', 'aws_iam_role'],
    paths: ['MaxSessionDuration', 'max_session_duration'],
    done: true,
    text: 'A session of a role lasts one hour at most unless a longer one is allowed.',
    source: 'IAM API Reference: CreateRole',
  },
  'sso-session-duration': {
    types: ['AWS::SSO::PermissionSet', 'aws_ssoadmin_permission_set'],
    paths: ['SessionDuration', 'session_duration'],
    text: 'A session lasts one hour when nothing is said.',
    source: 'Terraform AWS provider: aws_ssoadmin_permission_set',
  },
  'ram-external-principals': {
    types: ['AWS::RAM::ResourceShare', 'aws_ram_resource_share'],
    paths: ['AllowExternalPrincipals', 'allow_external_principals'],
    text: 'A share may be extended to accounts outside of the organization unless that is switched off.',
    terraform: 'The provider sends false: the share stays in the organization.',
    source: 'AWS RAM API Reference: CreateResourceShare',
  },
  'cloudtrail-validation': {
    types: ['AWS::CloudTrail::Trail', 'aws_cloudtrail'],
    paths: ['EnableLogFileValidation', 'enable_log_file_validation'],
    text: 'Validation is off for trails made through the API.',
    source: 'AWS CloudTrail API Reference: CreateTrail',
  },
  'cloudtrail-regions': {
    types: ['AWS::CloudTrail::Trail', 'aws_cloudtrail'],
    paths: ['IsMultiRegionTrail', 'is_multi_region_trail'],
    text: 'A trail made through the API records the Region it was made in; one made in the console records all.',
    source: 'AWS CloudTrail API Reference: CreateTrail; AWS CloudTrail User Guide',
  },
  'cloudtrail-encryption': {
    types: ['AWS::CloudTrail::Trail', 'aws_cloudtrail'],
    paths: ['KMSKeyId', 'kms_key_id'],
    done: true,
    text: 'Log files that CloudTrail delivers are encrypted with SSE-S3 unless a key is named.',
    source: 'Data protection in AWS CloudTrail (AWS CloudTrail User Guide)',
  },
  'logs-retention': {
    types: ['AWS::Logs::LogGroup', 'aws_cloudwatch_log_group'],
    paths: ['RetentionInDays', 'retention_in_days'],
    text: 'Log data never expires unless a retention is given.',
    source:
      'AWS::Logs::LogGroup (AWS CloudFormation Template Reference); Amazon CloudWatch Logs API Reference: CreateLogGroup',
  },
  'logs-encryption': {
    types: ['AWS::Logs::LogGroup', 'aws_cloudwatch_log_group'],
    paths: ['KmsKeyId', 'kms_key_id'],
    done: true,
    text: 'Log data is always encrypted in CloudWatch Logs; without a key that does not involve AWS KMS.',
    source: 'AWS::Logs::LogGroup (AWS CloudFormation Template Reference)',
  },
  'cognito-mfa': {
    types: ['AWS::Cognito::UserPool', 'aws_cognito_user_pool'],
    paths: ['MfaConfiguration', 'mfa_configuration'],
    text: 'A user pool has no multi-factor authentication unless it asks for it.',
    source: 'Terraform AWS provider: aws_cognito_user_pool',
  },
  'cognito-deletion-protection': {
    types: ['aws_cognito_user_pool'],
    paths: ['deletion_protection'],
    text: 'Terraform leaves deletion protection of a user pool INACTIVE when nothing is said.',
    source: 'Terraform AWS provider: aws_cognito_user_pool',
  },
  'cognito-tier': {
    types: ['AWS::Cognito::UserPool', 'aws_cognito_user_pool'],
    paths: ['UserPoolTier', 'user_pool_tier'],
    text: 'A new user pool has the plan ESSENTIALS when nothing is said.',
    source: 'Amazon Cognito API Reference: CreateUserPool',
  },
  'cognito-signup': {
    types: ['AWS::Cognito::UserPool', 'aws_cognito_user_pool'],
    paths: ['AdminCreateUserConfig.AllowAdminCreateUserOnly', 'admin_create_user_config.allow_admin_create_user_only'],
    text: 'Where AllowAdminCreateUserOnly is false, users can register themselves.',
    source: 'Amazon Cognito API Reference: AdminCreateUserConfigType',
  },
  'cognito-guests': {
    types: ['AWS::Cognito::IdentityPool'],
    paths: ['AllowUnauthenticatedIdentities'],
    text: 'CloudFormation demands that the template says whether guests are admitted.',
    source: 'AWS::Cognito::IdentityPool (AWS CloudFormation Template Reference)',
  },
  'ssm-session-encryption': {
    types: ['AWS::SSM::Document', 'aws_ssm_document'],
    paths: ['Content', 'content'],
    text: 'Session data is encrypted with TLS 1.2 without a KMS key, too.',
    source: 'Turn on KMS key encryption of session data (AWS Systems Manager User Guide)',
  },
} as const satisfies Readonly<Record<string, AwsDefault>>;
