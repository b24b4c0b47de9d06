/** Documents with one condition. */

import type { Json } from './fixture.ts';

/** A policy that reads objects under a condition. */
export function read(condition: Json, effect = 'Allow'): Json {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*', Condition: condition }],
  };
}

/** A policy on instances under a condition. */
export function tag(condition: Json, effect = 'Allow'): Json {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: effect,
        Action: 'ec2:CreateTags',
        Resource: 'arn:aws:ec2:eu-west-1:111122223333:instance/*',
        Condition: condition,
      },
    ],
  };
}

export const inCondition = (...path: (string | number)[]) => ['Statement', 0, 'Condition', ...path];
export const ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } };
