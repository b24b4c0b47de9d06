/** Statements with conditions, and who they let in. */

import type { Json } from './fixture.ts';

export type Fields = { readonly [name: string]: Json };

export const policy = (...statements: readonly Fields[]): Json => ({ Version: '2012-10-17', Statement: statements });
export const key = (operator: string, name: string) => ['Statement', 0, 'Condition', operator, name] as const;

/** Statements that begin with an action, on everything. */
export const allow = (Action: Json, Condition: Json): Fields => ({ Effect: 'Allow', Action, Resource: '*', Condition });
export const deny = (Action: Json, Condition: Json): Fields => ({ Effect: 'Deny', Action, Resource: '*', Condition });

export const ASSUMED_BY = { AWS: 'arn:aws:iam::111122223333:role/deployer' };
export const GITHUB = { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' };
export const EKS = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
export const SAML = { Federated: 'arn:aws:iam::111122223333:saml-provider/company' };
export const onBucket = (Condition: Json): Fields => ({
  Effect: 'Allow',
  Principal: ASSUMED_BY,
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::reports/*',
  Condition,
});
export const onTopic = (Principal: Json, Condition: Json): Fields => ({
  Effect: 'Allow',
  Principal,
  Action: 'sns:Publish',
  Resource: 'arn:aws:sns:eu-west-1:111122223333:alarms',
  Condition,
});
