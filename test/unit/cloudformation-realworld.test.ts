import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { looksLikeCloudFormation } from '../../server/src/cloudformation/recognise.ts';
import { cloudFormationTemplate } from '../../server/src/cloudformation/template.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import { parseYaml } from '../../server/src/syntax/yaml.ts';
import { locate } from '../../server/src/template/locate.ts';
import type { Template } from '../../server/src/template/template.ts';
import type { Condition, Value } from '../../server/src/template/value.ts';

const FOLDER = join(process.cwd(), '../shared/realworld');
const LIST = join(FOLDER, 'realworld.tsv');

/** Walks all that a value leads to and counts leaves; a budget stands for a rule's patience. */
function walk(template: Template, value: Value, conditions: readonly Condition[], budget: { left: number }): number {
  if (--budget.left < 0) return 0;
  switch (value.kind) {
    case 'object':
      return value.names.reduce((sum, name) => {
        const property = value.get(name);
        assert.ok(property, `${name} is named but not there`);
        return sum + walk(template, property.value, conditions, budget);
      }, 0);
    case 'list':
      return value.items.reduce((sum, item) => sum + walk(template, item, conditions, budget), 0);
    case 'choice':
      return value.alternatives.reduce((sum, alternative) => {
        const assumed = template.assume(conditions, alternative.condition);
        return assumed ? sum + walk(template, alternative.value, assumed, budget) : sum;
      }, 0);
    default:
      assert.ok(value.node.end >= value.node.start);
      return 1;
  }
}

describe('real templates', { skip: existsSync(LIST) ? false : `${LIST} is not there` }, () => {
  const rows = existsSync(LIST)
    ? readFileSync(LIST, 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'))
    : [];
  const columns = existsSync(LIST) ? (readFileSync(LIST, 'utf8').split('\n')[0] ?? '').split('\t') : [];
  const column = (name: string) => columns.indexOf(name);
  const templates = rows.filter((row) => row[column('format')]?.startsWith('cfn-'));

  let leaves = 0;
  let resources = 0;

  for (const row of templates) {
    const file = row[0] ?? '';
    const format = row[column('format')];
    it(file, () => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const document = format === 'cfn-json' ? parseJson(file, text) : parseYaml(file, text);
      const template = cloudFormationTemplate(document);
      const budget = { left: 200_000 };
      for (const resource of template?.resources ?? []) {
        leaves += walk(template as Template, resource.properties, resource.conditions, budget);
        leaves += walk(template as Template, resource.attributes, resource.conditions, budget);
        if (template) assert.equal(locate(template, resource.key.start)?.resource, resource);
      }
      for (const section of [...(template?.outputs ?? []), ...(template?.parameters ?? [])]) {
        leaves += walk(template as Template, section.value, [], budget);
      }
      assert.ok(budget.left > 0, 'the budget was spent');
      const expected = Number(row[column('resources')]);
      if (row[column('parse')] === 'ok' && expected > 0) {
        assert.ok(template);
        resources += template.resources.length;
        assert.ok(looksLikeCloudFormation(text, document.language, file), 'is not recognised');
      }
    });
  }

  it('are many', () => assert.ok(leaves > 15_000 && resources > 1500, `${leaves} leaves of ${resources} resources`));

  it('and other files are told apart', () => {
    for (const row of rows) {
      const format = row[column('format')];
      if (!format || format.startsWith('cfn-') || format === 'broken') continue;
      const text = readFileSync(join(FOLDER, row[0] ?? ''), 'utf8');
      const language = format.endsWith('json') ? 'json' : 'plaintext';
      assert.equal(looksLikeCloudFormation(text, language, row[0] ?? ''), false, row[0]);
    }
  });
});
