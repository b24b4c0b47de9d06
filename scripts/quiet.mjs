// How quiet the rules are on policies that are known to be good: `node scripts/quiet.mjs FOLDER` for a folder of policy
// documents as JSON files, such as the managed policies that AWS publishes. Prints the share of policies by rule.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packIamData } from './iam-data.mjs';
import { load } from './load.mjs';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node scripts/quiet.mjs FOLDER');
  process.exit(2);
}
const { measureQuiet } = await load('test/bench/quiet.ts');
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => ({ uri: name, text: readFileSync(join(folder, name), 'utf8') }));
const { policies, refused, names, unknownNames, access, rules } = measureQuiet(texts, packIamData());
const share = (count, of) => `${count} of ${of} (${((100 * count) / Math.max(1, of)).toFixed(2)} %)`;
console.log(`documents that AWS would refuse by what we say   ${share(refused, policies)}`);
console.log(`unknown names of services, actions and keys      ${share(unknownNames, names)}`);
console.log(`escalation, exfiltration, credentials exposure   ${share(access, policies)}`);
console.log('\npolicies  rule/variant severity');
for (const [rule, count] of rules) console.log(`${String(count).padStart(8)}  ${rule}`);
