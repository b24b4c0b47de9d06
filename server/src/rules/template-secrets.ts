/**
 * Passwords, keys and tokens that properties of many services take: one rule over a table of properties. Services whose
 * rules ask more of a password (RDS, Redshift, DocumentDB, ElastiCache) have one of their own.
 */

import { aws } from './references.ts';
import type { Owner, Rule } from './rule.ts';
import { SECRET_SEVERITIES, type SecretProperty, secretAliases, secretChecks } from './secrets.ts';

const PROPERTIES: readonly SecretProperty[] = [
  {
    at: ['AWS::Amplify::App.AccessToken', 'aws_amplify_app.access_token'],
    what: 'Access token of the app',
    aliases: ['cfn_nag:F41', 'kics:Amplify App Access Token Exposed'],
  },
  {
    at: ['AWS::Amplify::App.OauthToken', 'aws_amplify_app.oauth_token'],
    what: 'OAuth token of the app',
    aliases: ['cfn_nag:F58', 'kics:Amplify App OAuth Token Exposed'],
  },
  {
    at: ['AWS::Amplify::App.BasicAuthConfig.Password', 'aws_amplify_app.basic_auth_credentials'],
    what: 'Basic authentication password of the app',
    aliases: ['cfn_nag:F50', 'kics:Amplify App Basic Auth Config Password Exposed'],
  },
  {
    at: [
      'AWS::Amplify::Branch.BasicAuthConfig.Password',
      'AWS::Amplify::App.AutoBranchCreationConfig.BasicAuthConfig.Password',
      'aws_amplify_branch.basic_auth_credentials',
      'aws_amplify_app.auto_branch_creation_config.basic_auth_credentials',
    ],
    what: 'Basic authentication password of the branch',
    aliases: ['cfn_nag:F60', 'kics:Amplify Branch Basic Auth Config Password Exposed'],
  },
  {
    at: ['AWS::AmazonMQ::Broker.Users[].Password', 'aws_mq_broker.user[].password'],
    what: 'Password of a broker user',
    aliases: [
      'cfn_nag:F52',
      'guard:AMAZON_MQ_BROKER_USERS_NO_PLAINTEXT_PASSWORD',
      'guard:AMAZON_MQ_BROKER_USERS_USES_SECURE_SERVICE',
    ],
  },
  {
    at: [
      'AWS::AppStream::DirectoryConfig.ServiceAccountCredentials.AccountPassword',
      'aws_appstream_directory_config.service_account_credentials.account_password',
    ],
    what: 'Password of the service account',
    aliases: ['cfn_nag:F53'],
  },
  {
    at: [
      'AWS::CodePipeline::Webhook.AuthenticationConfiguration.SecretToken',
      'aws_codepipeline_webhook.authentication_configuration.secret_token',
    ],
    what: 'Secret token of the webhook',
    aliases: ['cfn_nag:F69'],
  },
  {
    at: [
      'AWS::Cognito::UserPoolIdentityProvider.ProviderDetails.client_secret',
      'aws_cognito_identity_provider.provider_details.client_secret',
    ],
    what: 'Client secret of the identity provider',
  },
  {
    at: ['AWS::DMS::Endpoint.Password', 'aws_dms_endpoint.password'],
    what: 'Password of the endpoint',
    aliases: [
      'cfn_nag:F37',
      'guard:DMS_NO_PLAINTEXT_PASSWORD',
      'guard:DMS_USES_SECURE_SERVICE',
      'kics:DMS Endpoint Password Exposed',
    ],
  },
  {
    at: ['AWS::DMS::Endpoint.MongoDbSettings.Password'],
    what: 'MongoDB password of the endpoint',
    aliases: [
      'cfn_nag:F55',
      'guard:DMS_NO_PLAINTEXT_PASSWORD',
      'guard:DMS_USES_SECURE_SERVICE',
      'kics:DMS Endpoint MongoDB Settings Password Exposed',
    ],
  },
  {
    at: ['AWS::DirectoryService::MicrosoftAD.Password'],
    what: 'Password of the directory administrator',
    aliases: [
      'cfn_nag:F36',
      'guard:MICROSOFT_AD_NO_PLAINTEXT_PASSWORD',
      'guard:MICROSOFT_AD_PASSWORD_USES_SECURE_SERVICE',
      'kics:Directory Service Microsoft AD Password Set to Plaintext or Default Ref',
    ],
  },
  {
    at: ['AWS::DirectoryService::SimpleAD.Password'],
    what: 'Password of the directory administrator',
    aliases: ['cfn_nag:F31', 'kics:Directory Service Simple AD Password Exposed'],
  },
  // One Terraform resource for every kind of directory.
  {
    at: ['aws_directory_service_directory.password'],
    what: 'Password of the directory administrator',
    aliases: ['cfn_nag:F31', 'cfn_nag:F36'],
  },
  {
    at: [
      'AWS::EMR::Cluster.KerberosAttributes.ADDomainJoinPassword',
      'aws_emr_cluster.kerberos_attributes.ad_domain_join_password',
    ],
    what: 'Password that joins the Active Directory domain',
    aliases: ['cfn_nag:F63'],
  },
  {
    at: [
      'AWS::EMR::Cluster.KerberosAttributes.CrossRealmTrustPrincipalPassword',
      'aws_emr_cluster.kerberos_attributes.cross_realm_trust_principal_password',
    ],
    what: 'Password of the cross-realm trust',
    aliases: ['cfn_nag:F64'],
  },
  {
    at: [
      'AWS::EMR::Cluster.KerberosAttributes.KdcAdminPassword',
      'aws_emr_cluster.kerberos_attributes.kdc_admin_password',
    ],
    what: 'Password of the KDC administrator',
    aliases: ['cfn_nag:F65'],
  },
  {
    at: ['AWS::IAM::User.LoginProfile.Password'],
    what: 'Console password of the user',
    aliases: [
      'cfn_nag:F51',
      'guard:IAM_USER_LOGIN_PROFILE_NO_PLAINTEXT_PASSWORD',
      'guard:IAM_USER_LOGIN_PROFILE_USES_SECURE_SERVICE',
      'kics:IAM User LoginProfile Password Is In Plaintext',
    ],
  },
  {
    at: [
      'AWS::KinesisFirehose::DeliveryStream.RedshiftDestinationConfiguration.Password',
      'aws_kinesis_firehose_delivery_stream.redshift_configuration.password',
    ],
    what: 'Redshift password of the delivery stream',
    aliases: [
      'cfn_nag:F66',
      'guard:KINESIS_FIREHOSE_REDSHIFT_DESTINATION_CONFIGURATION_NO_PLAINTEXT_PASSWORD',
      'guard:KINESIS_FIREHOSE_REDSHIFT_DESTINATION_CONFIGURATION_USES_SECURE_SERVICE',
    ],
  },
  {
    at: [
      'AWS::KinesisFirehose::DeliveryStream.SplunkDestinationConfiguration.HECToken',
      'aws_kinesis_firehose_delivery_stream.splunk_configuration.hec_token',
    ],
    what: 'Splunk token of the delivery stream',
    aliases: [
      'cfn_nag:F68',
      'guard:KINESIS_FIREHOSE_SPLUNK_DESTINATION_CONFIGURATION_NO_PLAINTEXT_PASSWORD',
      'guard:KINESIS_FIREHOSE_SPLUNK_DESTINATION_CONFIGURATION_USES_SECURE_SERVICE',
    ],
  },
  {
    at: [
      'AWS::KinesisFirehose::DeliveryStream.HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey',
      'aws_kinesis_firehose_delivery_stream.http_endpoint_configuration.access_key',
    ],
    what: 'Access key of the HTTP endpoint',
  },
  {
    at: ['AWS::Lambda::Permission.EventSourceToken', 'aws_lambda_permission.event_source_token'],
    what: 'Event source token',
    aliases: ['cfn_nag:F45'],
  },
  {
    at: [
      'AWS::ManagedBlockchain::Member.MemberConfiguration.MemberFrameworkConfiguration.MemberFabricConfiguration.AdminPassword',
    ],
    what: 'Password of the member’s administrator',
    aliases: ['cfn_nag:F71'],
  },
  {
    at: ['AWS::OpsWorks::App.AppSource.Password', 'aws_opsworks_application.app_source[].password'],
    what: 'Password of the app’s source',
    aliases: ['cfn_nag:F67'],
  },
  {
    at: ['AWS::OpsWorks::App.SslConfiguration.PrivateKey', 'aws_opsworks_application.ssl_configuration[].private_key'],
    what: 'TLS private key of the app',
    aliases: ['cfn_nag:F61'],
  },
  {
    at: ['AWS::OpsWorks::Stack.RdsDbInstances[].DbPassword', 'aws_opsworks_rds_db_instance.db_password'],
    what: 'Database password of the stack',
    aliases: ['cfn_nag:F54'],
  },
  {
    at: [
      'AWS::OpsWorks::Stack.CustomCookbooksSource.Password',
      'aws_opsworks_stack.custom_cookbooks_source[].password',
    ],
    what: 'Password of the cookbooks’ source',
    aliases: ['cfn_nag:F62'],
  },
  {
    at: ['AWS::Pinpoint::APNSChannel.PrivateKey', 'aws_pinpoint_apns_channel.private_key'],
    what: 'Private key of the channel',
    aliases: ['cfn_nag:F57'],
  },
  {
    at: ['AWS::Pinpoint::APNSChannel.TokenKey', 'aws_pinpoint_apns_channel.token_key'],
    what: 'Token key of the channel',
    aliases: ['cfn_nag:F56'],
  },
  {
    at: ['AWS::Pinpoint::APNSSandboxChannel.PrivateKey', 'aws_pinpoint_apns_sandbox_channel.private_key'],
    what: 'Private key of the channel',
    aliases: ['cfn_nag:F42'],
  },
  {
    at: ['AWS::Pinpoint::APNSSandboxChannel.TokenKey', 'aws_pinpoint_apns_sandbox_channel.token_key'],
    what: 'Token key of the channel',
    aliases: ['cfn_nag:F43'],
  },
  {
    at: ['AWS::Pinpoint::APNSVoipChannel.PrivateKey', 'aws_pinpoint_apns_voip_channel.private_key'],
    what: 'Private key of the channel',
    aliases: ['cfn_nag:F48'],
  },
  {
    at: ['AWS::Pinpoint::APNSVoipChannel.TokenKey', 'aws_pinpoint_apns_voip_channel.token_key'],
    what: 'Token key of the channel',
    aliases: ['cfn_nag:F49'],
  },
  {
    at: ['AWS::Pinpoint::APNSVoipSandboxChannel.PrivateKey', 'aws_pinpoint_apns_voip_sandbox_channel.private_key'],
    what: 'Private key of the channel',
    aliases: ['cfn_nag:F46'],
  },
  {
    at: ['AWS::Pinpoint::APNSVoipSandboxChannel.TokenKey', 'aws_pinpoint_apns_voip_sandbox_channel.token_key'],
    what: 'Token key of the channel',
    aliases: ['cfn_nag:F47'],
  },
  { at: ['AWS::Pinpoint::GCMChannel.ApiKey', 'aws_pinpoint_gcm_channel.api_key'], what: 'API key of the channel' },
  {
    at: ['AWS::Pinpoint::ADMChannel.ClientSecret', 'aws_pinpoint_adm_channel.client_secret'],
    what: 'Client secret of the channel',
  },
  {
    at: ['AWS::Pinpoint::BaiduChannel.SecretKey', 'aws_pinpoint_baidu_channel.secret_key'],
    what: 'Secret key of the channel',
  },
  {
    at: [
      'AWS::Glue::Connection.ConnectionInput.ConnectionProperties.PASSWORD',
      'aws_glue_connection.connection_properties.PASSWORD',
    ],
    what: 'Password of the connection',
  },
  {
    at: [
      'AWS::QuickSight::DataSource.Credentials.CredentialPair.Password',
      'aws_quicksight_data_source.credentials.credential_pair.password',
    ],
    what: 'Password of the data source',
  },
  {
    at: ['Alexa::ASK::Skill.AuthenticationConfiguration.ClientSecret'],
    what: 'Client secret of the skill',
    aliases: ['cfn_nag:F74', 'kics:Alexa Skill Plaintext Client Secret Exposed'],
  },
  {
    at: ['Alexa::ASK::Skill.AuthenticationConfiguration.RefreshToken'],
    what: 'Refresh token of the skill',
    aliases: ['cfn_nag:F75', 'kics:RefreshToken Is Exposed'],
  },
];

const DATASYNC: readonly SecretProperty[] = [
  {
    at: ['AWS::DataSync::LocationObjectStorage.SecretKey', 'aws_datasync_location_object_storage.secret_key'],
    what: 'Secret key of the location',
    aliases: ['checkov:CKV_AWS_295'],
  },
  {
    at: ['AWS::DataSync::LocationSMB.Password', 'aws_datasync_location_smb.password'],
    what: 'Password of the location',
  },
  {
    at: ['AWS::DataSync::LocationFSxWindows.Password', 'aws_datasync_location_fsx_windows_file_system.password'],
    what: 'Password of the location',
  },
];

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS offers Secrets Manager and Parameter Store to keep secrets in; writing one into a template is your choice.',
};

const DYNAMIC = aws(
  'Get values stored in other services using dynamic references',
  'AWSCloudFormation/latest/UserGuide/dynamic-references.html',
);
const NO_ECHO = aws(
  'Security best practices for CloudFormation',
  'AWSCloudFormation/latest/UserGuide/security-best-practices.html',
);

export const TEMPLATE_SECRET_RULES: readonly Rule[] = [
  {
    id: 'template-plaintext-password',
    title: 'Secret is written in the template',
    category: 'secrets',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description:
      'Everyone who can read the template, its history or the stack’s parameters reads the secret. In CloudFormation use a dynamic reference to Secrets Manager or to a secure parameter, or a parameter with `NoEcho` and without a default; in Terraform a sensitive variable without a default, or a data source. A reference of the form `{{resolve:ssm:…}}` reads plain text. Replace the secret: it has been exposed.',
    aliases: secretAliases(PROPERTIES),
    variants: SECRET_SEVERITIES,
    references: [DYNAMIC, NO_ECHO],
    checks: secretChecks(PROPERTIES),
  },
  {
    id: 'datasync-literal',
    title: 'Secret of a DataSync location is written in the template',
    category: 'secrets',
    severity: 'high',
    tier: 'core',
    owner: OWNER,
    description:
      'Everyone who can read the template or its history can read and change what the location holds. Take the secret from Secrets Manager by a dynamic reference, or from a parameter or variable without a default. Replace the secret: it has been exposed.',
    aliases: secretAliases(DATASYNC),
    variants: SECRET_SEVERITIES,
    references: [
      DYNAMIC,
      aws(
        'Configuring DataSync transfers with an object storage system',
        'datasync/latest/userguide/create-object-location.html',
      ),
    ],
    checks: secretChecks(DATASYNC),
  },
];
