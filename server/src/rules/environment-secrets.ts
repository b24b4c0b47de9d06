/** Secrets in environment variables of functions, containers and builds: one judgement for all that name and value them. */

import type { Found } from '../template/select.ts';
import { asPattern } from '../template/value.ts';
import type { FixMaker, Reporter } from './rule.ts';
import { describeSecret, namesSecret, noteSecretUse, type SecretKind, secretInVariable } from './secrets.ts';

/** Resolved when the stack is deployed: out of the template, and into what the service shows. */
const RESOLVED = /\{\{resolve:(?:secretsmanager|ssm-secure|ssm):[^}]*\}\}/;

export interface VariableVariants {
  /** The variant of an access key id, which names a key without giving it away; the rule's own where left out. */
  readonly keyId?: string;
  /** The variant of a secret that a dynamic reference resolves into the resource. */
  readonly resolved: string;
  /** Mends a variable; `resolved` is what a dynamic reference puts there. */
  readonly fix?: (found: Found, kind: SecretKind | 'resolved') => ReturnType<FixMaker>;
}

/**
 * Reports a variable whose value holds a secret, or resolves to one at deployment. What is not known is not reported.
 * @param found the value, of which the name is known
 */
export function judgeVariable(name: string, found: Found, reporter: Reporter, variants: VariableVariants): void {
  if (found.value.kind !== 'known' && found.value.kind !== 'text') return;
  const text = asPattern(found.value);
  if (!text) return;
  if (RESOLVED.test(text)) {
    // {{resolve:ssm:…}} is for plain parameters; what it is called tells whether a secret is meant.
    const secret = text.includes('{{resolve:ssm:') ? namesSecret(name) : true;
    if (secret)
      reporter.reportFound(found, { variant: variants.resolved, fix: () => variants.fix?.(found, 'resolved') });
    return;
  }
  const secret = secretInVariable(name, text);
  if (!secret) return;
  noteSecretUse(found);
  reporter.reportFound(found, {
    variant: secret.kind === 'access-key-id' ? variants.keyId : undefined,
    fix: () => variants.fix?.(found, secret.kind),
    message: `Environment variable ${name} holds ${describeSecret({ ...secret, name: undefined })}`,
  });
}
