/** Secrets written into templates: one judgement for every property that takes a password, key or token. */

import { type Found, select } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { effect } from '../template/tracking.ts';
import type { Leaf } from '../template/value.ts';
import { scalar } from './predicates.ts';
import type { FixMaker, Predicate, Reporter, Rule, Severity, Variant } from './rule.ts';
import { keepElsewhere } from './secret-fixes.ts';

/** Dynamic references that keep the secret out of the template and of what the service shows. */
const SECURE_REFERENCE = /^\s*\{\{resolve:(ssm-secure|secretsmanager):[^}]*\}\}\s*$/;
/** `{{resolve:ssm:…}}` reads a plain parameter: anyone who may read it reads the password. */
const PLAIN_REFERENCE = /\{\{resolve:ssm:[^}]*\}\}/;

/**
 * Whether a value keeps a secret out of the template. Violations by variant:
 * `false` a literal (or a literal default), `plain-reference` an SSM plain-text parameter, `echoed` a parameter without NoEcho.
 */
export const keepsSecret: Predicate = (value, found) => {
  const verdict = judge(value, found);
  if (verdict !== true && verdict !== undefined) noteSecretUse(found);
  return verdict;
};

const judge: Predicate = (value, found) => {
  // A plan shows the values of sensitive variables too: that is no literal of the configuration's.
  if (value.sensitive && found.resource.template.dialect === 'terraform-plan') return undefined;
  if (value.kind === 'unknown') {
    // Only CloudFormation echoes: Terraform variables are not shown anywhere a value is.
    const isParameter = value.parameter !== undefined && !found.resource.type.startsWith('aws_');
    return isParameter && value.sensitive !== true && !value.why.includes('SSM') ? 'echoed' : undefined;
  }
  return literal(value, found);
};

/** Notes that a secret was reported where it is used: the parameter or variable that it comes from is not reported as well. */
export function noteSecretUse({ value, via }: Found): void {
  const hop = via.findLast(({ kind }) => kind === 'parameter' || kind === 'variable');
  const name = hop?.name ?? (value.kind === 'unknown' ? value.parameter : undefined);
  if (name !== undefined) effect(name);
}

/** Parameters and variables of which a use was reported. The engine judges resources before the template as a whole. */
export function reportedByUse(template: Template): ReadonlySet<string> {
  return template.lineage.effects();
}

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
    return hop
      ? `${what} is written in the template, as the default of ${hop.kind} ${hop.name}`
      : `${what} is written in the template`;
  };
}

/** A property that takes a secret. */
export interface SecretProperty {
  /** Type and path, in either language: `AWS::DMS::Endpoint.Password`. A type holds no dot. */
  readonly at: readonly string[];
  /** As people call it: `Password of the endpoint`. */
  readonly what: string;
  readonly aliases?: readonly string[];
  /** Of the secret written out, where the rule's own is that of another matter. */
  readonly severity?: Severity;
  /** Instead of the general one, which leaves the place of the secret to a person. */
  readonly fix?: FixMaker;
}

/**
 * A check for each property of a table, whose findings say what the secret is and carry the ids of that very property.
 * The rule declares {@link SECRET_SEVERITIES} as its variants.
 */
export function secretChecks(table: readonly SecretProperty[]): Rule['checks'] {
  return table.flatMap(({ at, what, aliases = [], severity, fix = keepElsewhere }) => {
    const variants = secretVariants(what, aliases);
    const literalMessage = secretMessage(what);
    return at.map((place) => {
      const dot = place.indexOf('.');
      const path = place.slice(dot + 1);
      return {
        kind: 'resource' as const,
        types: [place.slice(0, dot)],
        check: (resource: Resource, reporter: Reporter) => {
          for (const found of select(resource, path)) {
            if (found.value.kind === 'absent') continue;
            const verdict = keepsSecret(found.value, found);
            if (verdict === true || verdict === undefined) continue;
            const variant = verdict === false ? undefined : verdict;
            reporter.reportFound(found, {
              variant,
              severity: variant === undefined ? severity : undefined,
              message: (variant && variants[variant]?.message) ?? literalMessage(found),
              aliases,
              fix: () => fix(found),
            });
          }
        },
      };
    });
  });
}

/** The variants of a rule on {@link secretChecks}: their messages and ids are the property's. */
export const SECRET_SEVERITIES: Readonly<Record<string, Variant>> = Object.fromEntries(
  Object.entries(secretVariants('The secret', [])).map(([name, { severity }]) => [name, { severity }]),
);

/** All ids of a table, for the rule itself. */
export function secretAliases(table: readonly SecretProperty[]): readonly string[] {
  return [...new Set(table.flatMap((one) => one.aliases ?? []))];
}

// ---- secrets in free text: environment variables, user data, scripts

export type SecretKind = 'access-key-id' | 'secret-access-key' | 'private-key' | 'password' | 'url-password';

/** A secret found in text. Offsets are those of the text as given. */
export interface SecretInText {
  readonly kind: SecretKind;
  readonly start: number;
  readonly end: number;
  /** The variable it is assigned to, where that is what gives it away. */
  readonly name?: string;
}

/** Text beyond this is not searched: user data ends at 16 KB, all environment variables of a function at 4 KB. */
const MAX_TEXT = 100_000;
/** Of one text; whoever writes more has seen enough of them. */
const MAX_SECRETS = 200;
/** An access key id: AKIA (long-term) or ASIA (temporary) and 16 more. Source: IAM user guide, "IAM identifiers". */
const ACCESS_KEY_ID = /(?<![A-Za-z0-9/+_])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9/+=_])/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/g;
/** Forty characters of base64: the shape of a secret access key, and of much else. */
const FORTY = /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
const URL_PASSWORD =
  /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s:/@'"\u0000]{0,100}:([^\s:/@'"\u0000]{3,100})@/g;
const ASSIGNMENT = /(?<![\w$.{])([A-Za-z_][\w.-]{2,80})(["']?\s{0,3}[=:]\s{0,3}["']?)([^\s"'`;,\u0000]{6,200})/g;

/**
 * Names that hold a secret itself. Not those that say where one is (`DB_SECRET_ARN`, `TOKEN_URL`, `PasswordParameterName`),
 * nor public halves (`PUBLIC_KEY`, `KEY_ID`).
 */
const SECRET_NAME =
  /passw(?:or)?d|passphrase|(?:^|_)(?:pwd|pass)(?:_|$)|secret|token|credential|api_?key|access_?key|private_?key|auth_?key|encryption_?key/;
const POINTER_NAME =
  /(?:arns?|name|id|ids|path|url|uri|endpoint|file|dir|param(?:eter)?|prefix|suffix|version|ttl|expiry|expiration|expires|timeout|seconds|minutes|hours|days|length|type|table|bucket|queue|topic|region|enabled|required|policy|ref|alias|header|field|issuer|audience|algorithm|host|provider|limit|count|max|min|size|location|store|manager)$/;

export function namesSecret(name: string): boolean {
  // `dbPassword`, `DB_PASSWORD` and `db-password` alike.
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[.-]/g, '_')
    .toLowerCase();
  return SECRET_NAME.test(words) && !/public_?key/.test(words) && !POINTER_NAME.test(words);
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** A placeholder, a reference, or the name of something: no secret whatever it is called. */
const NO_SECRET =
  /[\u0000]|\$[({A-Za-z]|%\w+%|\{\{|<[^>]*>|^[./~]|^arn:|^(?:https?|s3|ssm|file):|^(?:alias|projects|secret|vault)\/|^(?:true|false|null|none|undefined|nil)$|change.?me|replace.?me|placeholder|^your[-_]|^x{4,}|^\*+$/i;

/**
 * Whether text is random enough to be a password, key or token: not a word, not words joined by hyphens (names of secrets
 * look like that), no placeholder, path, ARN or reference.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 8 || text.length > 4096 || NO_SECRET.test(text)) return false;
  if (text.split(/[-_/.:\s]+/).every((word) => /^(?:[A-Za-z]*|\d{1,8}|[a-z]{1,12}\d{1,2}|v\d+)$/.test(word))) {
    // Words and numbers; letters alone are still no word when they change case over and over or are long and unlike language.
    return /^[A-Za-z]{20,}$/.test(text) && entropy(text) >= 4.2;
  }
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d\s._:/-]/].filter((one) => one.test(text)).length;
  if (entropy(text) < 2.5) return false;
  return classes >= 3 || (classes === 2 && text.length >= 10 && entropy(text) >= 3);
}

/** Text that stands for a secret to come, or says where one is. */
export function isPlaceholder(text: string): boolean {
  return NO_SECRET.test(text.trim());
}

/** Forty characters that are a key rather than a digest: hexadecimal is a commit, one case alone is a name. */
function looksLikeSecretKey(text: string): boolean {
  return (
    !/^[\da-f]+$/i.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) && entropy(text) >= 3.8
  );
}

function* matches(pattern: RegExp, text: string): Generator<RegExpExecArray> {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const { lastIndex } = pattern;
    yield match;
    pattern.lastIndex = lastIndex;
  }
}

/**
 * Secrets written out in text of any kind (a script, user data, a connection string), in order and without overlaps.
 * Parts of the text that are not known are given as `\u0000` and are never part of a secret.
 * AWS's documented example keys count: where they stand, a real one is meant to go.
 */
export function secretsInText(text: string): readonly SecretInText[] {
  const searched = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
  const found: SecretInText[] = [];
  const add = (secret: SecretInText) => {
    if (found.length >= MAX_SECRETS) return;
    if (!found.some((one) => secret.start < one.end && one.start < secret.end)) found.push(secret);
  };
  for (const match of matches(PRIVATE_KEY, searched)) add(at('private-key', match.index, match[0].length));
  for (const match of matches(ACCESS_KEY_ID, searched)) add(at('access-key-id', match.index, match[0].length));
  for (const match of matches(FORTY, searched)) {
    // By the shape alone it may be anything: only beside an access key id, or where its name says so.
    const before = searched.slice(Math.max(0, match.index - 80), match.index);
    const named = /secret/i.test(before);
    const paired = found.some((one) => one.kind === 'access-key-id' && Math.abs(one.start - match.index) < 300);
    if ((named || paired) && looksLikeSecretKey(match[0])) add(at('secret-access-key', match.index, 40));
  }
  for (const match of matches(URL_PASSWORD, searched)) {
    const password = match[1] ?? '';
    if (!NO_SECRET.test(password))
      add(at('url-password', match.index + match[0].length - 1 - password.length, password.length));
  }
  for (const match of matches(ASSIGNMENT, searched)) {
    const [whole, name = '', , value = ''] = match;
    if (namesSecret(name) && looksRandom(value)) {
      add({ ...at('password', match.index + whole.length - value.length, value.length), name });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function at(kind: SecretKind, start: number, length: number): SecretInText {
  return { kind, start, end: start + length };
}

/** The secret that a variable of that name holds, its whole text taken as the value; undefined where it holds none. */
export function secretInVariable(name: string, text: string): SecretInText | undefined {
  const [first] = secretsInText(text);
  if (first) return first;
  if (!namesSecret(name)) return undefined;
  const trimmed = text.trim();
  if (/secret/i.test(name) && /^[A-Za-z0-9/+]{40}$/.test(trimmed) && looksLikeSecretKey(trimmed)) {
    return { ...at('secret-access-key', 0, text.length), name };
  }
  return looksRandom(trimmed) ? { ...at('password', 0, text.length), name } : undefined;
}

/** What a secret in text is, to go into a message: `an AWS secret access key`. */
export function describeSecret(secret: SecretInText): string {
  switch (secret.kind) {
    case 'access-key-id':
      return 'an AWS access key ID';
    case 'secret-access-key':
      return 'an AWS secret access key';
    case 'private-key':
      return 'a private key';
    case 'url-password':
      return 'a password in a URL';
    case 'password':
      return secret.name ? `what looks like a secret (${secret.name})` : 'what looks like a secret';
  }
}
