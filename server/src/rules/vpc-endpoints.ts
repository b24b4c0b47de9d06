/** VPC endpoints: what may pass them, and who may connect to services offered through them. */

import { isKnown, type PolicyDocument, type Statement } from '../iam/document.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { declareCompanions, ownersOf } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { ownOrganization } from './policy-conditions.ts';
import { isTrue } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { known, lacks } from './shared.ts';

declareCompanions('aws_vpc_endpoint', { aws_vpc_endpoint_policy: 'vpc_endpoint_id' });

/** Condition keys that keep an endpoint to the organisation's own principals or data. */
const PERIMETER =
  /^aws:(principalorgid|principalorgpaths|principalaccount|principalarn|resourceorgid|resourceorgpaths|resourceaccount|sourceorgid|sourceaccount)$/i;

function isStar(items: Statement['actions']): boolean {
  return items.some((item) => isKnown(item) && item.text === '*');
}

function isBounded(statement: Statement): boolean {
  return (
    statement.hasCondition === 'unknown' ||
    statement.conditions.some((clause) => PERIMETER.test(clause.key) || clause.key.includes('\u0000'))
  );
}

function checkEndpointPolicy(policy: PolicyDocument, reporter: Reporter): void {
  const at = policy.consumers.filter(
    (consumer) => consumer.kind === 'vpc-endpoint' && /vpc_?endpoint/i.test(consumer.resource.type),
  );
  if (!at.length) return;
  // A Deny that holds the perimeter makes the broad Allow beside it the usual form.
  if (policy.statements.some((statement) => statement.effect !== 'Allow' && isBounded(statement))) return;
  if (policy.open || policy.included.some((statement) => statement.effect !== 'Allow')) return;
  for (const statement of policy.statements) {
    const principal = statement.principals.find((one) => isKnown(one) && one.text === '*');
    const narrow = statement.hasCondition === true && statement.conditions.length > 0;
    if (statement.effect !== 'Allow' || !principal || narrow || isBounded(statement)) continue;
    if (!isStar(statement.actions) || !isStar(statement.resources)) continue;
    reporter.report({
      node: principal.node,
      resource: policy.resource,
      conditions: principal.conditions,
      path: `${policy.site}.Statement.${statement.index}.Principal`,
      aliases: policy.form === 'data' ? ['checkov:CKV_AWS_283'] : [],
      fix: () => ownOrganization(statement),
      related: at
        .filter((consumer) => consumer.resource !== policy.resource)
        .map((consumer) => ({
          node: consumer.resource.key,
          message: `Policy of ${consumer.resource.address}`,
          resource: consumer.resource,
        })),
    });
  }
}

/** Endpoints of a Gateway Load Balancer and the newer resource endpoints take no policy. */
function takesPolicy(endpoint: Resource): boolean | undefined {
  const cloudFormation = endpoint.type.startsWith('AWS::');
  const path = cloudFormation ? 'VpcEndpointType' : 'vpc_endpoint_type';
  if (lacks(endpoint, path)) return true;
  const type = known(endpoint, path);
  return type === undefined ? undefined : /^(gateway|interface)$/i.test(type);
}

/** Whether someone has to let each consumer in. */
function isAccepted(service: Resource): boolean {
  const [found] = select(service, service.type.startsWith('AWS::') ? 'AcceptanceRequired' : 'acceptance_required');
  return found !== undefined && asBoolean(found.value) === true;
}

function checkServicePrincipals(resource: Resource, reporter: Reporter): void {
  const [path, owner] = SERVICE_PRINCIPALS[resource.type] as readonly [string, readonly [string, string] | undefined];
  const services = owner ? ownersOf(resource, owner[0], owner[1]) : [resource];
  for (const found of select(resource, path)) {
    if (asString(found.value) !== '*') continue;
    const inList = found.node.parent?.kind === 'array';
    reporter.reportFound(found, {
      variant: services.length > 0 && services.every(isAccepted) ? 'accepted' : undefined,
      fix: () =>
        inList && !found.via.length && resource.template.dialect !== 'terraform-plan'
          ? {
              title: 'Remove "*" (accounts that are not named lose the service)',
              safe: false,
              edits: [{ kind: 'removeItem', node: found.node }],
            }
          : undefined,
    });
  }
}

/** Path of the principals; how a resource of its own names the service. */
const SERVICE_PRINCIPALS: Readonly<Record<string, readonly [string, readonly [string, string] | undefined]>> = {
  'AWS::EC2::VPCEndpointServicePermissions': ['AllowedPrincipals[]', ['ServiceId', 'AWS::EC2::VPCEndpointService']],
  aws_vpc_endpoint_service: ['allowed_principals[]', undefined],
  aws_vpc_endpoint_service_allowed_principal: [
    'principal_arn',
    ['vpc_endpoint_service_id', 'aws_vpc_endpoint_service'],
  ],
};

export const VPC_ENDPOINT_RULES: readonly Rule[] = [
  {
    id: 'vpc-endpoint-policy-open',
    title: 'Endpoint policy lets everything pass',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS lets every call pass an endpoint unless its policy says otherwise; drawing the perimeter of your data is your part.',
    },
    description:
      'Anything in the VPC can use the endpoint with any credentials, and so carry data to an account that is not yours. Limit it to your own principals and resources with `aws:PrincipalOrgID` and `aws:ResourceOrgID`.',
    aws: awsDefaults('vpc-endpoint-policy'),
    aliases: ['checkov:CKV_AWS_283'],
    variants: {
      default: {
        severity: 'info',
        message: 'Endpoint has no policy, so everything may pass it',
        aliases: [],
      },
    },
    references: [
      aws(
        'Control access to VPC endpoints using endpoint policies',
        'vpc/latest/privatelink/vpc-endpoints-access.html',
      ),
    ],
    checks: [
      { kind: 'policy', check: checkEndpointPolicy },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::VPCEndpoint', path: 'PolicyDocument', where: takesPolicy },
          { type: 'aws_vpc_endpoint', path: ['policy', '@aws_vpc_endpoint_policy.policy'], where: takesPolicy },
        ],
        must: () => true,
        absent: 'default',
      },
    ],
  },
  {
    id: 'vpc-endpoint-service-auto-accept',
    title: 'Endpoint service accepts every connection by itself',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS asks you before a consumer is connected if you want it; here the template says no.',
    },
    description:
      'Any account that is allowed to see the service connects to it without your knowing. Require acceptance, and let consumers in one by one.',
    aliases: ['checkov:CKV_AWS_123'],
    references: [aws('Configure an endpoint service', 'vpc/latest/privatelink/configure-endpoint-service.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::VPCEndpointService', path: 'AcceptanceRequired' },
          { type: 'aws_vpc_endpoint_service', path: 'acceptance_required' },
        ],
        must: isTrue,
        absent: undefined,
        fix: set(true, { safe: false, note: 'new consumers wait until you accept them' }),
      },
    ],
  },
  {
    id: 'vpc-endpoint-service-permissions-star',
    title: 'Endpoint service is offered to every AWS account',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers an endpoint service to nobody but you; permission for "*" is your setting.',
    },
    description:
      'Every AWS account can ask for a connection to the service. Name the accounts or roles that are your customers.',
    aliases: [],
    variants: {
      accepted: {
        severity: 'medium',
        message: 'Every AWS account may ask for a connection; each still needs your acceptance',
      },
    },
    references: [aws('Configure an endpoint service', 'vpc/latest/privatelink/configure-endpoint-service.html')],
    checks: [{ kind: 'resource', types: Object.keys(SERVICE_PRINCIPALS), check: checkServicePrincipals }],
  },
];
