/**
 * Other linters for `--peers`, installed by the bench where the registry of Python packages can be reached, or taken from the PATH.
 * None is ever needed by a test.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathsOf, type Tool } from './commands.ts';

const CFN_LINT = '1.58.0';
const CHECKOV = '3.3.30';
const GUARD = '0.3.3';

/** cfn-guard has no rules of its own: some checks that Demarc makes as well. */
const GUARD_RULES = `rule buckets when Resources.*[ Type == 'AWS::S3::Bucket' ] !empty {
  Resources.*[ Type == 'AWS::S3::Bucket' ].Properties.PublicAccessBlockConfiguration {
    BlockPublicAcls == true
    BlockPublicPolicy == true
    IgnorePublicAcls == true
    RestrictPublicBuckets == true
  }
}

rule databases when Resources.*[ Type == 'AWS::RDS::DBInstance' ] !empty {
  Resources.*[ Type == 'AWS::RDS::DBInstance' ].Properties {
    StorageEncrypted == true
    PubliclyAccessible == false
    DeletionProtection == true
  }
}

rule tables when Resources.*[ Type == 'AWS::DynamoDB::Table' ] !empty {
  Resources.*[ Type == 'AWS::DynamoDB::Table' ].Properties.SSESpecification.SSEEnabled == true
}

rule groups when Resources.*[ Type == 'AWS::EC2::SecurityGroup' ] !empty {
  Resources.*[ Type == 'AWS::EC2::SecurityGroup' ].Properties.SecurityGroupIngress[*].CidrIp != '0.0.0.0/0'
}
`;

/** Runs cfn-guard's library on files: the Python package has no command line. YAML tags are read as strings. */
const GUARD_DRIVER = `import json, sys
import yaml
from cfn_guard_rs.api import run_checks_rs

class Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    pass

def tag(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        return {suffix: node.value}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    return {suffix: loader.construct_mapping(node, deep=True)}

Loader.add_multi_constructor("!", tag)
rules = open(sys.argv[1]).read()
refused = 0
names = open(sys.argv[2]).read().splitlines()
for name in names:
    try:
        with open(name, encoding="utf-8") as file:
            run_checks_rs(json.dumps(yaml.load(file, Loader), default=str), rules, False)
    except Exception:
        refused += 1
print(refused, "files not checked")
sys.exit(3 if refused == len(names) else 0)
`;

function works(command: string, ...rest: string[]): boolean {
  try {
    execFileSync(command, rest, { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs a Python package into an environment of its own, unless it is there.
 * @param program a file that the package brings
 * @returns the folder of the environment's programs, or undefined
 */
function installPython(requirement: string, program: string, folder: string): string | undefined {
  const own = resolve(folder, requirement.replace(/\W+/g, '-'));
  const programs = join(own, process.platform === 'win32' ? 'Scripts' : 'bin');
  const python = join(programs, 'python');
  const present = () => (program ? existsSync(join(programs, program)) : works(python, '-c', 'import cfn_guard_rs'));
  if (existsSync(python) && present()) return programs;
  const system = ['python3', 'python'].find((name) => works(name, '--version'));
  if (!system || !works(system, '-m', 'venv', own)) return undefined;
  try {
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement], {
      stdio: 'ignore',
      timeout: 300_000,
    });
  } catch {
    return undefined;
  }
  return present() ? programs : undefined;
}

/**
 * The tools that other people use, each over the same files as Demarc.
 * @param folder where to install
 */
export function preparePeerTools(folder: string): Tool[] {
  mkdirSync(folder, { recursive: true });
  const missing = (name: string, why: string): Tool => ({ name, note: '', missing: why, command: () => undefined });
  const tools: Tool[] = [];

  const cfnLint = installPython(`cfn-lint==${CFN_LINT}`, 'cfn-lint', folder);
  tools.push(
    cfnLint
      ? {
          name: 'cfn-lint',
          note: `${CFN_LINT}, default rules; templates only`,
          command: (target, targets) =>
            target === 'tree' ? undefined : [join(cfnLint, 'cfn-lint'), '--template', ...pathsOf(target, targets)],
        }
      : missing('cfn-lint', 'could not be installed'),
  );

  const checkov = installPython(`checkov==${CHECKOV}`, 'checkov', folder);
  tools.push(
    checkov
      ? {
          name: 'checkov',
          note: `${CHECKOV}, default rules for CloudFormation, Terraform and plans, no network`,
          environment: { CHECKOV_RUN_SCA_PACKAGE_SCAN_V2: 'false' },
          command: (target, targets) => [
            join(checkov, 'checkov'),
            ...(target === 'tree'
              ? ['--directory', targets.tree]
              : pathsOf(target, targets).flatMap((path) => ['--file', path])),
            ...['--framework', 'cloudformation', 'terraform', 'terraform_plan', '--quiet', '--compact'],
            ...['--output', 'json', '--skip-download'],
          ],
        }
      : missing('checkov', 'could not be installed'),
  );

  const rules = resolve(folder, 'rules.guard');
  writeFileSync(rules, GUARD_RULES);
  if (works('cfn-guard', '--version')) {
    tools.push({
      name: 'cfn-guard',
      note: 'from the PATH, with four rules of this bench: it brings none',
      command: (target, targets) =>
        target === 'tree'
          ? undefined
          : ['cfn-guard', 'validate', '--rules', rules, '--data', ...pathsOf(target, targets)],
    });
  } else {
    const guard = installPython(`cfn-guard-rs==${GUARD}`, '', folder);
    const driver = resolve(folder, 'guard.py');
    writeFileSync(driver, GUARD_DRIVER);
    tools.push(
      guard
        ? {
            name: 'cfn-guard',
            note: `its library as a Python package (cfn-guard-rs ${GUARD}), with four rules of this bench: it brings none`,
            failsFrom: 1,
            command: (target, targets) => {
              if (target === 'tree') return undefined;
              const list = resolve(folder, `guard-${target}.txt`);
              writeFileSync(list, pathsOf(target, targets).join('\n'));
              return [join(guard, 'python'), driver, rules, list];
            },
          }
        : missing('cfn-guard', 'could not be installed'),
    );
  }

  tools.push(
    works('trivy', '--version')
      ? {
          name: 'trivy',
          note: 'from the PATH, `trivy config` with the checks that it brings',
          command: (target, targets) =>
            target === 'templates'
              ? undefined
              : [
                  'trivy',
                  'config',
                  '--quiet',
                  '--skip-check-update',
                  target === 'tree' ? targets.tree : targets.template,
                ],
        }
      : missing('trivy', 'could not be installed: it is not on the PATH, and no package registry has it'),
  );
  return tools;
}
