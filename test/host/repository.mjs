// A Git repository with a branch under review: what it introduces, fixes, leaves, stages, renames and deletes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const stack = ({ files, orders, disk, extra = '' }) => `AWSTemplateFormatVersion: '2010-09-09'
Resources:
${extra}  Files:
    Type: AWS::EFS::FileSystem
    Properties:
      PerformanceMode: generalPurpose
${files ? '      Encrypted: true # files\n' : ''}  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders
      SqsManagedSseEnabled: ${orders} # orders
  Events:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: events
      SqsManagedSseEnabled: false # events
  Disk:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: eu-central-1a
      Size: 8
      Encrypted: ${disk} # disk
`;

const queue = (name, encrypted) => `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  ${name}:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: ${encrypted}
`;

const MODULE = `{
  "resource": {
    "aws_sqs_queue": {
      "jobs": {
        "name": "jobs",
        "sqs_managed_sse_enabled": "\${var.encrypt}"
      }
    }
  }
}
`;
const HCL = `resource "aws_sqs_queue" "mails" {
  name                    = "mails"
  sqs_managed_sse_enabled = var.encrypt
}
`;
const hclVariable = (encrypt) => `variable "encrypt" {
  default = ${encrypt}
}
`;
const variable = (encrypt) => `{
  "variable": {
    "encrypt": { "type": "bool", "default": ${encrypt} }
  }
}
`;

/**
 * Makes the repository in a folder that is not there yet: branch `main`, and branch `feature` checked out.
 * - `stack.yaml`: a protection goes, a queue is encrypted, a disk no longer, a queue stays as it was; committed
 * - `infra/`: a module in which only the variables change; committed; `hcl/`: such a module in HCL
 * - `renamed.yaml`, once `named.yaml`, and `deleted.yaml`, both with a finding; committed
 * - `staged.yaml` loses its encryption in the index, `work.yaml` only in the working tree, `new.yaml` is not tracked
 */
export function makeRepository(folder) {
  for (const name of ['infra', 'hcl']) mkdirSync(path.join(folder, name), { recursive: true });
  const write = (name, text) => writeFileSync(path.join(folder, name), text);
  const git = (...args) =>
    execFileSync(
      'git',
      ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', '-c', 'commit.gpgsign=false', ...args],
      { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
    );
  const commit = (message) => {
    git('add', '--all');
    git('commit', '--quiet', '--no-verify', '--message', message);
  };
  git('init', '--quiet', '--initial-branch=main');
  write('stack.yaml', stack({ files: true, orders: false, disk: true }));
  write('infra/main.tf.json', MODULE);
  write('infra/variables.tf.json', variable(true));
  write('hcl/main.tf', HCL);
  write('hcl/variables.tf', hclVariable(true));
  write('named.yaml', queue('Kept', false));
  write('deleted.yaml', `${queue('Gone', false)}      QueueName: gone-for-good-on-this-branch\n`);
  for (const name of ['staged', 'work']) write(`${name}.yaml`, queue('Mail', true));
  commit('before');

  git('checkout', '--quiet', '-b', 'feature');
  const added = '  Topic:\n    Type: AWS::SNS::Topic\n';
  write('stack.yaml', stack({ files: false, orders: true, disk: false, extra: added }));
  write('infra/variables.tf.json', variable(false));
  write('hcl/variables.tf', hclVariable(false));
  renameSync(path.join(folder, 'named.yaml'), path.join(folder, 'renamed.yaml'));
  rmSync(path.join(folder, 'deleted.yaml'));
  commit('after');

  write('staged.yaml', queue('Mail', false));
  git('add', 'staged.yaml');
  write('work.yaml', queue('Mail', false));
  write('new.yaml', queue('New', false));
}
