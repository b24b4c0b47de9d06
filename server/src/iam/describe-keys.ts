/**
 * What the condition keys hold that are no service's own, and when they are in a request.
 * Sources: IAM user guide, "AWS global condition context keys" and "Available keys for AWS OIDC federation"; Lambda, EC2 and
 * Systems Manager guides on their cross-service keys; AWS MCP Server guide, "MCP condition context keys".
 */

import { code } from './describe-text.ts';

const MCP = 'Only in requests that come through a managed AWS MCP server.';
const VIA_ENDPOINT = 'Only in requests that come through a VPC endpoint.';
const IN_ENDPOINTS_OF_SOME = 'Only in requests through VPC endpoints, to the services that support the key.';
const BY_SERVICE = 'Only in requests that an AWS service makes in its own name for another resource.';
const TEMPORARY = 'Only in requests with temporary credentials.';
const FROM_INSTANCE = 'Only in requests with the credentials of an instance role.';
const FROM_BUILD = 'Only in requests with the role that AWS CodeBuild assumed.';
const IN_OWN_NAME = 'Only in requests that an AWS service makes in its own name.';
const GOOGLE = 'Only where a role is assumed with a token of Google.';
const CHAIN = 'Only where a service passes on the credentials of a user or role.';

/** By lower-case name, up to the first slash for those with a name of their own behind it. */
const GLOBAL: ReadonlyMap<string, string> = new Map([
  ['aws:assumedroot', 'Whether the session is one of `sts:AssumeRoot`. Only in requests of such sessions.'],
  ['aws:calledviaawsmcp', `The service principal of the MCP server that passed the request on. ${MCP}`],
  ['aws:viaawsmcpservice', `Whether a managed AWS MCP server passed the request on. ${MCP}`],
  ['aws:ismcpserviceaction', 'Whether the action is one of an AWS MCP service. Only in requests for such actions.'],
  ['aws:calledvia', `The services that passed the request on, in their order. ${CHAIN}`],
  ['aws:calledviafirst', `The first of the services that passed the request on. ${CHAIN}`],
  ['aws:calledvialast', `The last of the services that passed the request on. ${CHAIN}`],
  ['aws:viaawsservice', "Whether a service makes the request with the caller's credentials. In every request."],
  ['aws:chatbotsourcearn', 'The chat configuration that opened the session. Only in requests from chat applications.'],
  ['aws:currenttime', 'Date and time of the request. In every request.'],
  ['aws:epochtime', 'Date and time of the request, in seconds since 1970. In every request.'],
  [
    'aws:ec2instancesourceprivateipv4',
    `The main private IPv4 address of the instance to which the credentials were given. ${FROM_INSTANCE}`,
  ],
  ['aws:ec2instancesourcevpc', `The VPC of the instance to which the credentials were given. ${FROM_INSTANCE}`],
  [
    'aws:federatedprovider',
    'The OpenID Connect provider that vouches for the caller. Only where `sts:AssumeRoleWithWebIdentity` opens the session, or has opened it.',
  ],
  ['aws:multifactorauthage', 'Seconds since the sign-in with MFA. Only in requests whose session was opened with MFA.'],
  [
    'aws:multifactorauthpresent',
    `Whether the session was opened with MFA. ${TEMPORARY} Requests with access keys of a user lack it, and those of federated users.`,
  ],
  ['aws:principalaccount', 'The account that the caller belongs to. In every request.'],
  ['aws:principalarn', 'The ARN of the caller; for a session, that of its role. In every signed request.'],
  ['aws:principalisawsservice', 'Whether an AWS service makes the request in its own name. In every signed request.'],
  ['aws:principalorgid', 'The organization that the account of the caller belongs to. Only where it belongs to one.'],
  [
    'aws:principalorgpaths',
    'The place of the account of the caller in its organization: `o-…/r-…/ou-…/`. Only where it belongs to one.',
  ],
  ['aws:principalservicename', `The service principal that makes the request. ${IN_OWN_NAME}`],
  ['aws:principalservicenameslist', `All names of the service principal that makes the request. ${IN_OWN_NAME}`],
  [
    'aws:principaltag',
    'The value of this tag on the caller: of the user, the role or the session. Only where it has the tag.',
  ],
  ['aws:principaltype', 'What the caller is: `Account`, `User`, `AssumedRole`, `FederatedUser` … In every request.'],
  ['aws:referer', 'The HTTP header Referer: whatever the caller sends. Only where it sends one.'],
  ['aws:requestedregion', 'The Region that is called; `us-east-1` for global services such as IAM. In every request.'],
  ['aws:requesttag', 'The value that the request gives to this tag. Only in requests that set the tag.'],
  ['aws:resourceaccount', 'The account that owns the resource. In requests of most actions.'],
  ['aws:resourceorgid', 'The organization of the account that owns the resource. Only where it belongs to one.'],
  [
    'aws:resourceorgpaths',
    'The place in its organization of the account that owns the resource. Only where it belongs to one.',
  ],
  [
    'aws:resourcetag',
    'The value of this tag on the resource. Only where the resource has the tag and the action supports the key.',
  ],
  ['aws:securetransport', 'Whether the request came by TLS. In every request.'],
  ['aws:sourceaccount', `The account of the resource for which a service acts. ${BY_SERVICE}`],
  ['aws:sourcearn', `The resource for which a service acts. ${BY_SERVICE} It is not the ARN of the caller.`],
  ['aws:sourceorgid', `The organization of the resource for which a service acts. ${BY_SERVICE}`],
  ['aws:sourceorgpaths', `The place in its organization of the account for which a service acts. ${BY_SERVICE}`],
  [
    'aws:sourceowner',
    'The account of the resource for which a service acts: an older key of few services. See `aws:SourceAccount`.',
  ],
  [
    'aws:sourceidentity',
    'The identity that was set when the role was assumed, and stays through chained roles. Only where one was set.',
  ],
  ['aws:sourceip', 'The public address that the request comes from. Not in requests through a VPC endpoint.'],
  ['aws:vpcsourceip', `The address inside the VPC that the request comes from. ${VIA_ENDPOINT}`],
  ['aws:sourcevpc', `The VPC that the request comes from. ${VIA_ENDPOINT}`],
  ['aws:sourcevpcarn', `The ARN of the VPC that the request comes from. ${IN_ENDPOINTS_OF_SOME}`],
  ['aws:sourcevpce', `The VPC endpoint that the request comes through. ${VIA_ENDPOINT}`],
  ['aws:vpceaccount', `The account that owns the VPC endpoint. ${IN_ENDPOINTS_OF_SOME}`],
  ['aws:vpceorgid', `The organization of the account that owns the VPC endpoint. ${IN_ENDPOINTS_OF_SOME}`],
  [
    'aws:vpceorgpaths',
    `The place in its organization of the account that owns the VPC endpoint. ${IN_ENDPOINTS_OF_SOME}`,
  ],
  ['aws:tagkeys', 'The names of all tags in the request. Only in requests of actions that take tags.'],
  [
    'aws:signinsessionarn',
    'The session of AWS Sign-In that the credentials come from, as with `aws login`. Not in sessions of the console.',
  ],
  ['aws:tokenissuetime', `When the temporary credentials were issued. ${TEMPORARY}`],
  ['aws:useragent', 'The HTTP header User-Agent: whatever the caller sends.'],
  ['aws:userid', 'The unique id of the caller; for a session of a role `AROA…:session-name`. In every request.'],
  ['aws:username', 'The name of the IAM user. Only in requests of users, not of roles or the root user.'],
  [
    'ec2:roledelivery',
    `The version of the instance metadata service that gave out the credentials: \`1.0\` or \`2.0\`. ${FROM_INSTANCE}`,
  ],
  ['ec2:sourceinstancearn', `The instance to which the credentials were given. ${FROM_INSTANCE}`],
  ['codebuild:buildarn', `The build to which the credentials were given. ${FROM_BUILD}`],
  ['codebuild:projectarn', `The project of the build to which the credentials were given. ${FROM_BUILD}`],
  [
    'glue:roleassumedby',
    'Always `glue.amazonaws.com`. Only in requests that AWS Glue itself makes with a service role, not a job.',
  ],
  [
    'glue:credentialissuingservice',
    'Always `glue.amazonaws.com`. Only in requests of AWS Glue jobs and development endpoints.',
  ],
  [
    'identitystore:userid',
    'The user of IAM Identity Center whom the session belongs to. Only in sessions that carry that identity.',
  ],
  [
    'lambda:sourcefunctionarn',
    'The function whose code makes the request. Only in requests with the credentials of a Lambda function.',
  ],
  [
    'ssm:sourceinstancearn',
    'The managed node to which the credentials were given. Not in requests with those of an instance profile.',
  ],
]);

/** Keys of services that decide who may come in, or as what. */
const OF_SERVICES: ReadonlyMap<string, string> = new Map([
  ['iam:passedtoservice', 'The service that the role is passed to. Only in requests that pass a role.'],
  ['iam:associatedresourcearn', 'The resource that the role will be used by. Only in requests that pass a role.'],
  ['iam:permissionsboundary', 'The permissions boundary that the request sets or that the user or role has.'],
  [
    'sts:externalid',
    'A text that the caller sends when it assumes the role: it tells a third party for which customer it acts.',
  ],
  ['sts:rolesessionname', 'The name that the caller gives to the session.'],
  ['kms:viaservice', 'The AWS service that uses the key for the caller. Only in requests that a service passes on.'],
  ['kms:calleraccount', 'The account of the caller.'],
  [
    'kms:grantisforawsresource',
    'Whether a service that works with AWS KMS creates, lists or revokes the grant for the caller.',
  ],
  ['s3:prefix', 'The prefix that a listing asks for.'],
  ['s3:tlsversion', 'The version of TLS that the request came by.'],
  ['s3:x-amz-acl', 'The canned ACL that the request sets.'],
  ['s3:x-amz-server-side-encryption', 'The encryption that the upload asks for.'],
  ['lambda:functionurlauthtype', 'Whether the function URL asks for AWS credentials: `AWS_IAM`, or `NONE`.'],
  [
    'elasticfilesystem:accessedviamounttarget',
    'Whether the client comes through a mount target, that is, through its network.',
  ],
  [
    'accounts.google.com:aud',
    `The application that Google issued the token to, its claim \`azp\`; without one, \`aud\`. ${GOOGLE}`,
  ],
  ['accounts.google.com:oaud', `The audience that the token was asked for: its claim \`aud\`. ${GOOGLE}`],
]);

const CLAIMS: Readonly<Record<string, string>> = {
  sub: 'The subject of the token: whose it is.',
  aud: 'The audience of the token: for whom it was issued.',
  amr: 'How the user was signed in: `authenticated` or `unauthenticated`.',
  app_id: 'The application that the token was issued for.',
};

/** What a key (any case, its own name filled in) holds and when it is in a request; undefined where that is not known here. */
export function keyFact(key: string): string | undefined {
  const lower = key.toLowerCase();
  const slash = lower.indexOf('/');
  const named = slash >= 0 && /^aws:[a-z]+tag$/.test(lower.slice(0, slash)) ? lower.slice(0, slash) : lower;
  const fact = GLOBAL.get(named) ?? OF_SERVICES.get(lower);
  if (fact !== undefined) return fact;
  const colon = lower.lastIndexOf(':');
  const prefix = lower.slice(0, colon);
  if (colon < 0 || !prefix.includes('.')) return undefined;
  const claim = key.slice(colon + 1);
  const meaning = Object.hasOwn(CLAIMS, claim.toLowerCase()) ? CLAIMS[claim.toLowerCase()] : undefined;
  return `${meaning ?? `The claim ${code(claim)} of the token.`} Only where a role is assumed with a token of ${code(key.slice(0, colon))}.`;
}
