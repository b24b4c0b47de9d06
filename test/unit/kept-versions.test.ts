/** What is taken over from version to version of a document keeps no earlier version alive, wherever in it one types. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const PARTS = 20;
/** The newest one, and one that a variable of the engine may still name. */
const MOST = 2;

const TEXTS: Readonly<Record<string, { readonly head: string; readonly part: (i: number, typed: number) => string }>> =
  {
    'main.tf': {
      head: 'variable "v" {\n  default = "x"\n}\n',
      part: (i, typed) =>
        `resource "aws_s3_bucket" "b${i}" {\n  bucket = "bucket-${typed}-\${var.v}"\n}\n` +
        `resource "aws_iam_role_policy" "p${i}" {\n  role = "r"\n  policy = jsonencode({ Version = "2012-10-17", Statement = ` +
        `[{ Effect = "Allow", Action = "s3:*", Resource = "\${aws_s3_bucket.b${i}.arn}/*" }] })\n}\n`,
    },
    't.yaml': {
      head:
        'Mappings:\n  M:\n    a:\n      k: v\nConditions:\n  C: !Equals [!Ref AWS::Region, eu-west-1]\n' +
        'Resources:\n',
      part: (i, typed) =>
        `  B${i}:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !If [C, b${typed}, a]\n` +
        `      Tags: [{Key: !FindInMap [M, !Ref Name${typed}, k], Value: a}]\n` +
        `  P${i}:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: p\n      PolicyDocument:\n` +
        `        Statement: {Effect: Allow, Action: 's3:*', Resource: !GetAtt B${i}.Arn}\n`,
    },
  };

describe('an earlier version of a document', () => {
  for (const [uri, { head, part }] of Object.entries(TEXTS))
    it(`is not kept alive by what was taken over from it: ${uri}`, async () => {
      // Not weak references: each keeps what it refers to until V8 sees fit, in some runs for long.
      let collected = 0;
      const registry = new FinalizationRegistry(() => collected++);
      let previous: Analysis | undefined;
      for (let typedIn = 0; typedIn < PARTS; typedIn++) {
        const parts = Array.from({ length: PARTS }, (_, i) => part(i, i <= typedIn ? 1 : 0));
        previous = analyze([{ uri, text: head + parts.join('') }], DEFAULT_SETTINGS, { previous });
        const findings = previous?.findings ?? [];
        // As a person does who looks at one after the other, and does not come back.
        for (const [i, { finding }] of findings.entries()) if (i % PARTS === typedIn) finding.fixes();
        const document = previous?.documents[0];
        assert.ok(document);
        registry.register(document, typedIn);
        await setTimeout(0);
      }
      const alive = () => PARTS - collected;
      for (let i = 0; i < 20 && alive() > MOST; i++) {
        collect();
        await setTimeout(10 * i);
      }
      // A registry that nobody needs any more tells of nothing.
      registry.unregister(registry);
      assert.ok(previous?.findings.length);
      assert.ok(alive() <= MOST, `${alive()} of ${PARTS} versions are alive`);
    });
});
