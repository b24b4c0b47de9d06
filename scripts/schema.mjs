// Writes the JSON schema of the configuration file, with every rule's id and title: node scripts/schema.mjs [FILE]
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { load } from './load.mjs';

const [target = 'schemas/demarc.schema.json'] = process.argv.slice(2);
const { RULES } = await load('server/src/rules/index.ts');

const rules = [...RULES].sort((a, b) => (a.id < b.id ? -1 : 1));
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'demarc.schema.json',
  title: 'Demarc configuration',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    enable: { type: 'boolean', default: true, description: 'Whether anything is reported at all.' },
    tier: {
      enum: ['core', 'all'],
      default: 'core',
      description: 'Which rules run.',
      enumDescriptions: ['Rules that everyone wants.', 'The opt-in rules too.'],
    },
    rules: {
      type: 'object',
      description:
        'Switches single rules off or on, or sets their severity. Ids of other tools (CKV_AWS_20) stand for the rules of the same check.',
      properties: Object.fromEntries(
        rules.map(({ id, title, severity, tier, category }) => [
          id,
          {
            $ref: '#/definitions/setting',
            description: `${title} (${severity}, ${category}${tier === 'opt-in' ? ', opt-in' : ''})`,
          },
        ]),
      ),
      additionalProperties: { $ref: '#/definitions/setting' },
    },
    exclude: {
      description:
        'Files that are left alone: globs relative to this file, with *, **, ? and {a,b}. A pattern without a slash matches that name at any depth; a pattern that matches a folder matches all that is in it.',
      oneOf: [{ type: 'array', items: { $ref: '#/definitions/glob' } }, { $ref: '#/definitions/glob' }],
    },
  },
  definitions: {
    glob: { type: 'string', minLength: 1, pattern: '^[^!]' },
    setting: {
      description: 'off, on, or a severity.',
      // YAML reads off and on without quotes as booleans.
      enum: ['off', 'on', 'critical', 'high', 'medium', 'low', 'info', true, false],
    },
  },
};
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, `${JSON.stringify(schema, null, 2)}\n`);
