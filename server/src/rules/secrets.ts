/** Secrets written into templates: one judgement for every property that takes a password, key or token. */

import type { Found } from '../template/select.ts';
import type { Leaf } from '../template/value.ts';
import { scalar } from './predicates.ts';
import type { Predicate, Variant } from './rule.ts';

/** Dynamic references that keep the secret out of the template and of what the service shows. */
const SECURE_REFERENCE = /^\s*\{\{resolve:(ssm-secure|secretsmanager):[^}]*\}\}\s*$/;
/** `{{resolve:ssm:…}}` reads a plain parameter: anyone who may read it reads the password. */
const PLAIN_REFERENCE = /\{\{resolve:ssm:[^}]*\}\}/;

/**
 * Whether a value keeps a secret out of the template. Violations by variant:
 * `false` a literal (or a literal default), `plain-reference` an SSM plain-text parameter, `echoed` a parameter without NoEcho.
 */
export const keepsSecret: Predicate = (value, found) => {
  if (value.kind === 'unknown') {
    // Only CloudFormation echoes: Terraform variables are not shown anywhere a value is.
    const isParameter = value.parameter !== undefined && !found.resource.type.startsWith('aws_');
    return isParameter && value.sensitive !== true && !value.why.includes('SSM') ? 'echoed' : undefined;
  }
  return literal(value, found);
};

const literal = scalar((value: Leaf) => {
  if (value.kind !== 'known') return undefined;
  const text = String(value.value);
  if (text === '' || SECURE_REFERENCE.test(text)) return true;
  if (PLAIN_REFERENCE.test(text)) return 'plain-reference';
  if (text.includes('{{resolve:')) return undefined;
  return false;
});

/** Variants that a rule on {@link keepsSecret} declares, with the aliases of the literal case. */
export function secretVariants(what: string, aliases: readonly string[]): Readonly<Record<string, Variant>> {
  return {
    'plain-reference': {
      severity: 'high',
      message: `${what} is read from a plain-text SSM parameter`,
      aliases,
    },
    echoed: {
      severity: 'medium',
      message: `${what} comes from a parameter without NoEcho, which CloudFormation shows to anyone who can describe the stack`,
      aliases,
    },
  };
}

/** "Password is written in the template", or in the default of what it refers to. */
export function secretMessage(what: string): (found: Found) => string {
  return (found) => {
    const hop = found.via[found.via.length - 1];
    return hop ? `${what} is written in the template, as the default of ${hop.kind} ${hop.name}` : `${what} is written in the template`;
  };
}
