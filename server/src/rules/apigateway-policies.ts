/** Amazon API Gateway: resource policies that let everyone call an API. */

import type { Consumer, Statement } from '../iam/document.ts';
import { isPublic, principalVerdicts } from '../iam/public.ts';
import type { Resource } from '../template/template.ts';
import { apiOf, isPrivate, SAM_API } from './apigateway-apis.ts';
import { askedByMethods } from './apigateway-auth.ts';
import { aws } from './references.ts';
import { ownAccountFix } from './resource-policies-public.ts';
import { actionsText, allowCheck, type PolicyRule, pathOf, type ReportInPolicy, rule } from './resource-policy.ts';
import type { Related, Rule } from './rule.ts';
import { known, relatedHops } from './shared.ts';

const SPEC: PolicyRule = {
  id: 'apigw-resource-policy-public',
  thing: 'API',
  service: 'execute-api',
  standalone: true,
  aliases: ['checkov:CKV_AWS_283', 'kics:REST API With Vulnerable Policy'],
};

interface Audience {
  readonly who: string;
  readonly variant?: string;
  readonly but?: string;
  readonly related?: readonly Related[];
}

const EVERYONE: Audience = { who: 'Anyone on the internet' };

/** Whom a statement for everyone lets in, after what the API itself asks for. */
function audienceOf(carriers: readonly Consumer[]): Audience {
  const audiences = carriers.map(({ resource }) => audienceAt(apiOf(resource, 'rest_api_id') ?? resource));
  const [first] = audiences;
  return first && audiences.every(({ variant }) => variant === first.variant) ? first : EVERYONE;
}

function audienceAt(api: Resource): Audience {
  const inside = isPrivate(api);
  if (inside === undefined) return { who: 'Everyone who reaches the API' };
  if (inside) {
    return { who: 'Any VPC with an endpoint for API Gateway, in whichever account,', variant: 'private' };
  }
  const authorizer = api.type === SAM_API ? known(api, 'Auth.DefaultAuthorizer') : undefined;
  const asked =
    authorizer === undefined
      ? askedByMethods(api)
      : { kind: authorizer === 'AWS_IAM' ? ('iam' as const) : ('authorizer' as const), by: api };
  if (!asked) return EVERYONE;
  const related = [{ node: asked.by.key, message: 'Authorization is asked for here', resource: asked.by }];
  return asked.kind === 'iam'
    ? { who: 'Any AWS account', variant: 'signed', related }
    : { who: 'Anyone', variant: 'authorizer', but: ', but the authorizer of each method decides first', related };
}

function check(statement: Statement, carriers: readonly Consumer[], report: ReportInPolicy): void {
  for (const verdict of principalVerdicts(statement)) {
    if (!isPublic(verdict.verdict)) continue;
    const { principal } = verdict;
    const node = principal?.node ?? statement.elements.NotPrincipal?.key;
    if (!node) continue;
    const { who, variant, but = '', related = [] } = audienceOf(carriers);
    report({
      node,
      variant,
      message: `${who} may use ${actionsText(statement)} on this API${but}`,
      conditions: principal?.conditions ?? statement.templateConditions,
      path: pathOf(statement, principal ? 'Principal' : 'NotPrincipal'),
      related: [
        ...(principal ? relatedHops(principal.via) : []),
        ...verdict.notNarrowedBy.map(({ clause, why }) => ({
          node: clause.keyNode,
          message: `${clause.key} does not narrow it: it ${why}`,
        })),
        ...related,
      ],
      // Callers who authenticate otherwise than with IAM are no principals of an account.
      fix:
        principal && (variant === undefined || variant === 'signed')
          ? () => ownAccountFix(principal, statement)
          : undefined,
    });
  }
}

export const APIGATEWAY_POLICY_RULES: readonly Rule[] = [
  rule(
    SPEC,
    {
      title: 'API policy lets everyone in',
      category: 'public-access',
      severity: 'medium',
      description:
        'A statement allows every principal, and no condition narrows it to an account, a network or a VPC endpoint. Methods without authorization are then open to everyone, and with IAM authorization callers of your own account need no permission of their own. Name the principals, or add a condition on `aws:SourceIp`, `aws:SourceVpce` or `aws:PrincipalOrgID`; for a private API name its VPC endpoints.',
      references: [
        aws(
          'Control access to a REST API with API Gateway resource policies',
          'apigateway/latest/developerguide/apigateway-resource-policies.html',
        ),
        aws(
          'API Gateway resource policy examples',
          'apigateway/latest/developerguide/apigateway-resource-policies-examples.html',
        ),
      ],
    },
    {
      variants: { private: {}, signed: {}, authorizer: { severity: 'info' } },
      checks: allowCheck(SPEC, {}, check),
    },
  ),
];
