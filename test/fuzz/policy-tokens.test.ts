/**
 * Any token of any policy replaced by what is not known: nothing throws, and nothing becomes public that was not. A linter
 * that cries "public" where a parameter decides is not believed again.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { globSync } from 'tinyglobby';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import { isPublic, publicVerdict } from '../../server/src/iam/public.ts';
import { policiesOf } from '../../server/src/iam/sites.ts';
import { FIXTURES } from '../rules/policies/all.ts';
import { type Form, type Host, hosted, type Json, valueAt, withValue } from '../rules/policies/fixture.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();
const SETTINGS = { enable: true, tier: 'all', rules: {}, exclude: [] } as const;
const CORPUS = '../shared/corpus/files';

interface Sample {
  readonly host: Host;
  readonly document: Json;
}

type Path = readonly (string | number)[];

const EVERYONE: readonly Json[] = ['*', { AWS: '*' }, { AWS: ['*', 'arn:aws:iam::111122223333:root'] }];
const CONDITIONS: readonly Json[] = [
  { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  { StringEquals: { 'aws:SourceAccount': ['111122223333', '444455556666'] } },
  { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } },
  { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } },
  { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' }, Null: { 'aws:SourceVpce': 'false' } },
  { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' } },
  { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } },
];
const PERIMETERS: readonly Json[] = [
  { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  { StringNotEqualsIfExists: { 'aws:SourceVpce': ['vpce-0123456789abcdef0'] } },
  { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
];

/** Grants to everyone, narrowed in every way that counts. */
function narrowedSamples(): Sample[] {
  const grant = (Principal: Json, Condition?: Json): Json => ({
    Effect: 'Allow',
    Principal,
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: ['arn:aws:s3:::reports/*'],
    ...(Condition ? { Condition } : {}),
  });
  const document = (...Statement: Json[]): Json => ({ Version: '2012-10-17', Statement });
  const deny = (Condition: Json): Json => ({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*'],
    Condition,
  });
  const documents = [
    ...EVERYONE.flatMap((principal) => CONDITIONS.map((condition) => document(grant(principal, condition)))),
    ...PERIMETERS.map((condition) => document(grant('*'), deny(condition))),
    document({ ...(grant('*') as object), Effect: 'Deny' }),
    document(grant({ AWS: 'arn:aws:iam::111122223333:root' }), grant({ Service: 'cloudtrail.amazonaws.com' })),
    document({
      Effect: 'Allow',
      NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 's3:*',
      Resource: '*',
    }),
  ];
  return documents.map((one) => ({ host: 'bucket', document: one }));
}

/** Policies of the corpus, where it is at hand. */
function corpusSamples(): Sample[] {
  if (!existsSync(CORPUS)) return [];
  const names = globSync(['parliament/**/*.json', 'cloudsplaining/**/*.json', 'checkov/policy/*.json'], {
    cwd: CORPUS,
  });
  return names.sort().flatMap((name): Sample[] => {
    const text = readFileSync(join(CORPUS, name), 'utf8');
    try {
      const document = JSON.parse(text) as Json;
      if (typeof document !== 'object' || document === null || !('Statement' in document)) return [];
      return [{ host: text.includes('"Principal"') ? 'bucket' : 'identity', document }];
    } catch {
      // Broken on purpose.
      return [];
    }
  });
}

/** Every place of a document, itself included. */
function* paths(document: Json, at: Path = []): Generator<Path> {
  yield at;
  if (typeof document !== 'object' || document === null) return;
  for (const [name, inner] of Object.entries(document)) {
    yield* paths(inner as Json, [...at, Array.isArray(document) ? Number(name) : name]);
  }
}

/** A copy in which a key bears another name. */
function renamed(document: Json, path: Path, name: string): Json {
  const parent = path.slice(0, -1);
  const old = path.at(-1);
  const object = valueAt(document, parent);
  if (typeof old !== 'string' || typeof object !== 'object' || object === null) return document;
  const members = Object.entries(object).map(([key, value]) => [key === old ? name : key, value as Json]);
  return withValue(document, parent, Object.fromEntries(members) as Json);
}

function run(document: Json, host: Host, form: Form): Analysis | undefined {
  const source = hosted(document, host, form);
  if (!source) return undefined;
  // References were escaped with the variables of policies: these are references.
  const text = source.text.replaceAll('$${var.', '${var.');
  return analyze([{ uri: source.uri, text }], SETTINGS, {
    onError: (ruleId, error) => assert.fail(`${ruleId} in\n${text}\n${(error as Error).stack}`),
  });
}

/** What an analysis calls public. */
function publicParts(analysis: Analysis | undefined): Set<string> {
  if (!analysis) return new Set();
  const found = analysis.findings
    .filter(({ finding }) => finding.rule.category === 'public-access')
    .map(({ finding }) => finding.rule.id);
  const verdicts = policiesOf(analysis.template)
    .map((policy) => publicVerdict(policy).verdict)
    .filter(isPublic);
  return new Set([...found, ...verdicts]);
}

const CFN_TOKENS: readonly Json[] = [
  { Ref: 'Parameter' },
  { 'Fn::Sub': '${Parameter}' },
  { 'Fn::ImportValue': 'shared' },
  { 'Fn::GetAtt': ['Other', 'Arn'] },
];
const TERRAFORM_TOKEN = '${var.unknown}';

describe('tokens of policies that are not known', () => {
  const own = FIXTURES.flatMap(({ host, violates, satisfies }): Sample[] =>
    [violates, ...satisfies].map((document) => ({ host, document })),
  );
  for (const [name, samples] of [
    ['narrowed grants', narrowedSamples()],
    ['cases of policy checks', own],
    ['policies of the corpus', corpusSamples()],
  ] as const) {
    it(name, { skip: !samples.length && 'skipped: no corpus' }, () => {
      let tried = 0;
      for (const { host, document } of samples) {
        const before = {
          cfn: publicParts(run(document, host, 'cfn-json')),
          tf: publicParts(run(document, host, 'tf-text')),
        };
        const check = (changed: Json, form: 'cfn-json' | 'tf-text', what: string) => {
          tried++;
          const known = form === 'cfn-json' ? before.cfn : before.tf;
          const fresh = [...publicParts(run(changed, host, form))].filter((one) => !known.has(one));
          assert.deepEqual(fresh, [], `public by ${what} in ${JSON.stringify(changed)}`);
        };
        for (const path of paths(document)) {
          if (!path.length) continue;
          const where = path.join('.');
          // One of the intrinsics each, in turn: all four at every place would take minutes.
          const token = CFN_TOKENS[tried % CFN_TOKENS.length] as Json;
          check(withValue(document, path, token), 'cfn-json', `${JSON.stringify(token)} at ${where}`);
          check(withValue(document, path, TERRAFORM_TOKEN), 'tf-text', `a variable at ${where}`);
          if (typeof path.at(-1) === 'string') {
            check(renamed(document, path, TERRAFORM_TOKEN), 'tf-text', `a variable as the key ${where}`);
          }
        }
      }
      assert.ok(tried > 100);
    });
  }
});
