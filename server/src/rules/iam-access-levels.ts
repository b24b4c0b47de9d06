/**
 * What actions do where the service authorization reference sorts them oddly. It calls "Permissions management" some
 * actions that only look (`glue:ListEntities`), and some that set up or use something else than who may use what; and "Write" a few that list (`iot:ListSubscriptions`).
 */

import type { AccessLevel, ActionInfo } from '../iam/reference.ts';

/** Verbs under which nothing is changed, whatever the reference says. */
const LISTS = /^(?:Describe|List|Validate)/;
const LOOKS = /^(?:Describe|Get|List|Search|Test|Validate|View)/;
/** Actions that decide over no permission, by what the reference itself says that they do. */
const OTHER_CHANGES: ReadonlySet<string> = new Set([
  'apigateway:AddCertificateToDomain',
  'apigateway:RemoveCertificateFromDomain',
  'apigateway:SetWebACL',
  'bedrock-agentcore:AuthorizeAction',
  'bedrock-agentcore:InvokeGateway',
  'bedrock-agentcore:InvokeWebSearch',
  'bedrock-agentcore:PartiallyAuthorizeActions',
  'bedrock-agentcore:SynchronizeGatewayTargets',
  'codestar:DeleteProject',
  'ds:AccessDSData',
  'ec2:AttachApplianceToNatGateway',
  'ec2:AttachResourcesToPlacementGroup',
  'ec2:CreateOdbNetworkPeering',
  'ec2:DeleteOdbNetworkPeering',
  'ec2:DetachApplianceFromNatGateway',
  'ec2:DetachResourcesFromPlacementGroup',
  'ec2:ModifyOdbNetworkPeering',
  'fsx:BypassSnaplockEnterpriseRetention',
  'glue:RefreshOAuth2Tokens',
  'iotfleetwise:GenerateCommandPayload',
  'lambda:DisableReplication',
  'lambda:EnableReplication',
  'opensearch:ApplicationAccessAll',
  's3:BypassGovernanceRetention',
  'ses:ReplicateEmailIdentityDkimSigningKey',
  'ssm-contacts:AssociateContact',
  'waf-regional:CreateWebACL',
  'waf-regional:DeleteWebACL',
  'waf-regional:UpdateWebACL',
  'waf:CreateWebACL',
  'waf:DeleteWebACL',
  'waf:UpdateWebACL',
]);
/** Lets a service write logs about the resource: the same action of many services. */
const LOG_DELIVERY = 'AllowVendedLogDeliveryForResource';

/** The access level of an action by what it does. */
export function levelOf({ accessLevel, name, full }: ActionInfo): AccessLevel {
  if (accessLevel === 'Write') return LISTS.test(name) ? 'Read' : accessLevel;
  if (accessLevel !== 'Permissions management') return accessLevel;
  if (LOOKS.test(name)) return 'Read';
  return OTHER_CHANGES.has(full) || name === LOG_DELIVERY ? 'Write' : accessLevel;
}
