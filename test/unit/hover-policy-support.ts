/** Hovers of policies, in every form that a policy is written in; the cursor is drawn in the document as `‸`. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import type { HoverModel } from '../../server/src/lsp/protocol.ts';
import { FORMS, type Form, type Host, hosted, type Json } from '../rules/policies/fixture.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();

export const CURSOR = '‸';

/** The hover where the cursor is drawn, with what else the analysis found there or, by default, without. */
export function hover(uri: string, drawn: string, findings = false): HoverModel | undefined {
  const offset = drawn.indexOf(CURSOR);
  assert.ok(offset >= 0, `no cursor in ${drawn}`);
  const analysis = analyze([{ uri, text: drawn.replace(CURSOR, '') }], DEFAULT_SETTINGS);
  assert.ok(analysis, drawn);
  return hoverAt(findings ? analysis : { ...analysis, findings: [], suppressed: [] }, uri, offset);
}

export interface Case {
  readonly host?: Host;
  readonly statement: Json;
  /** Where to draw the cursor: a key of the document, by its first occurrence. Without it, it is drawn in the statement. */
  readonly key?: string;
  readonly title: string;
  readonly says: readonly RegExp[];
  readonly never?: readonly RegExp[];
  /** Forms that cannot say it, or say something else. */
  readonly except?: readonly Form[];
}

export const ALLOW = { Effect: 'Allow' } as const;
export const document = (statement: Json): Json => ({
  Version: '2012-10-17',
  Statement: Array.isArray(statement) ? statement : [statement],
});

function drawnIn(one: Case, form: Form): { readonly uri: string; readonly text: string } | undefined {
  const written = hosted(document(one.statement), one.host ?? 'identity', form);
  if (!written) return undefined;
  if (one.key === undefined) return written;
  if (form.endsWith('-data')) return undefined;
  const at = written.text.indexOf(one.key);
  assert.ok(at >= 0, `${one.key} in ${written.text}`);
  return { uri: written.uri, text: `${written.text.slice(0, at + 1)}${CURSOR}${written.text.slice(at + 1)}` };
}

/** Checks what a hover says in all forms. */
export function check(name: string, one: Case): void {
  it(name, () => {
    const forms = FORMS.filter((form) => !one.except?.includes(form));
    let seen = 0;
    for (const form of forms) {
      const place = drawnIn(one, form);
      if (!place) continue;
      seen++;
      const model = hover(place.uri, place.text);
      assert.ok(model?.subject, `${form}: no hover in ${place.text}`);
      const said = model.subject.lines.join('\n');
      assert.equal(model.subject.title, one.title, form);
      for (const pattern of one.says) assert.match(said, pattern, form);
      for (const pattern of one.never ?? []) assert.doesNotMatch(said, pattern, form);
      assert.ok(model.subject.lines.length <= 8, `${form}: ${said}`);
      assert.doesNotMatch(said, /[\0-\u0008]|undefined|\[object|NaN|\.\.|: \.| {2}/, form);
    }
    assert.ok(seen >= 3, `seen in ${seen} forms`);
  });
}

export const ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } };
export const OBJECTS = 'arn:aws:s3:::reports/*';
/** A grant to everyone. */
export const everyone = (Condition?: Json): { readonly [name: string]: Json } => ({
  ...ALLOW,
  Principal: { AWS: '*‸' },
  Action: 's3:GetObject',
  Resource: OBJECTS,
  ...(Condition === undefined ? {} : { Condition }),
});
export const principal = (Principal: Json, Condition?: Json): Json =>
  ({ ...(everyone(Condition) as object), Principal }) as Json;
export const condition = (Condition: Json): Json => principal({ AWS: '*' }, Condition);
export const action = (Action: Json, rest: object = {}): Json => ({ ...ALLOW, Action, Resource: '*', ...rest }) as Json;
