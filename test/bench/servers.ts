/** The language servers that are measured side by side, and how the peers among them are installed and configured. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Language } from './documents.ts';
import type { ServerCommand } from './editor-client.ts';

export interface BenchServer extends ServerCommand {
  readonly name: string;
  /** Under what conditions it is measured, for the report. */
  readonly note: string;
  readonly languages: readonly Language[];
  readonly peer: boolean;
}

const ALL: readonly Language[] = ['yaml', 'json', 'terraform'];
const VALIDATE = '@aws/cloudformation-validate';
const VALIDATE_VERSION = '1.9.0-beta';
const YAML_SERVER = 'yaml-language-server';

/** The short forms of CloudFormation's functions, which are errors to it unless they are named. */
const TAGS = ['And', 'Cidr', 'Condition', 'Equals', 'FindInMap', 'GetAZs', 'If', 'ImportValue', 'Join', 'Not', 'Or']
  .concat(['Ref', 'Select', 'Split', 'Sub', 'GetAtt', 'Base64', 'Transform'])
  .flatMap((name) => [`!${name} scalar`, `!${name} sequence`, `!${name} mapping`]);

/** The newest yaml-language-server that says it runs on this Node. */
function yamlServerVersion(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 13) ? '2.0.0' : '1.25.0';
}

/**
 * Installs a package of the npm registry, unless that version is there.
 * @returns the folder of the package, or why there is none
 */
function install(name: string, version: string, folder: string): { folder: string } | { missing: string } {
  const own = join(folder, name.replace(/^\W+/, '').replace(/\W+/g, '-'));
  const installed = resolve(own, 'node_modules', name);
  try {
    const { version: present } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      version: string;
    };
    if (present === version) return { folder: installed };
  } catch {
    // Not there yet.
  }
  mkdirSync(own, { recursive: true });
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1'];
  try {
    execFileSync('npm', ['install', ...options, '--prefix', own, `${name}@${version}`], {
      stdio: 'ignore',
      timeout: 120_000,
      shell: process.platform === 'win32',
    });
  } catch {
    // What counts is whether it is there.
  }
  return existsSync(installed) ? { folder: installed } : { missing: `${name} ${version} could not be installed` };
}

/** Bundles a file of this folder into one that Node runs, and says where it is. */
export type Bundle = (entry: string) => Promise<string>;

export interface Servers {
  readonly servers: readonly BenchServer[];
  /** What could not be had. */
  readonly missing: readonly string[];
  /** Where the validating library is, for the command line. */
  readonly validate?: string;
  readonly validateVersion: string;
}

/**
 * Demarc, an empty server, and the peers that can be installed.
 * @param dist the folder of Demarc's build
 * @param built what build that is, in words
 * @param folder where to install
 */
export async function prepareServers(dist: string, built: string, folder: string, bundle: Bundle): Promise<Servers> {
  const missing: string[] = [];
  const servers: BenchServer[] = [
    {
      name: 'empty server',
      note: 'answers every change with one fixed diagnostic and every hover with nothing; of the same library and bundler as Demarc',
      arguments: [await bundle('empty-server.ts'), '--stdio'],
      settings: {},
      languages: ALL,
      peer: false,
    },
    {
      name: 'Demarc',
      note: `${built}, core rules, as a client that pulls diagnostics uses it`,
      arguments: [resolve(dist, 'server.js'), '--stdio'],
      settings: {},
      languages: ALL,
      peer: false,
    },
  ];
  const version = yamlServerVersion();
  const yaml = install(YAML_SERVER, version, folder);
  if ('missing' in yaml) missing.push(yaml.missing);
  else
    servers.push({
      name: YAML_SERVER,
      note: `${version}; validation, hover and completion on, CloudFormation's tags named, schema store off and no schema, so that no network is used: it checks the YAML, not what the template says, and waits 200 ms for the next letter before it does`,
      arguments: [join(yaml.folder, 'bin', YAML_SERVER), '--stdio'],
      settings: {
        yaml: {
          validate: true,
          hover: true,
          completion: true,
          schemaStore: { enable: false },
          customTags: TAGS,
        },
      },
      languages: ['yaml'],
      peer: true,
    });
  const validate = install(VALIDATE, VALIDATE_VERSION, folder);
  if ('missing' in validate) missing.push(validate.missing);
  else
    servers.push({
      name: 'cloudformation-validate',
      note: `${VALIDATE} ${VALIDATE_VERSION}, a WebAssembly library; behind the empty server, the engine (CEL, the faster of its two) made at the start, all rules and schemas that it brings, the whole document validated after every change`,
      arguments: [await bundle('validate-server.ts'), validate.folder, '--stdio'],
      settings: {},
      languages: ['yaml', 'json'],
      peer: true,
    });
  return {
    servers,
    missing,
    validate: 'folder' in validate ? validate.folder : undefined,
    validateVersion: VALIDATE_VERSION,
  };
}
