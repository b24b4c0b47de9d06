import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { findAction, supportsResourceLevel } from '../../server/src/iam/actions.ts';
import {
  actionsAtLevel,
  allowedBy,
  allowedByNotAction,
  CREDENTIALS_EXPOSURE,
  CREDENTIALS_WITHOUT_RESOURCE,
  credentialsExposure,
  DATA_EXFILTRATION,
  dataExfiltration,
  ESCALATION_PATHS,
  escalationPaths,
  escalationPathsWith,
  infrastructureModification,
  RESOURCE_EXPOSURE,
  resourceExposure,
  restrictableActions,
  unionOf,
  WILDCARD_RESOURCE_EXEMPT,
  wildcardResourceExemption,
} from '../../server/src/iam/escalation.ts';
import { setActionDataSource } from '../../server/src/iam/reference.ts';

const text = readFileSync(join(process.cwd(), 'server/src/data/iam.generated.json'), 'utf8');
const ids = (...patterns: string[]): string[] => escalationPaths(allowedBy(patterns)).map((path) => path.id);

describe('IAM escalation', () => {
  beforeEach(() => setActionDataSource(() => text));
  after(() => setActionDataSource(() => text));

  it('lists names as the reference spells them', () => {
    const all = [
      ...ESCALATION_PATHS.flatMap((path) => path.actions),
      ...CREDENTIALS_EXPOSURE.map((entry) => entry.action),
      ...CREDENTIALS_WITHOUT_RESOURCE,
      ...DATA_EXFILTRATION.map((entry) => entry.action),
      ...RESOURCE_EXPOSURE,
      ...WILDCARD_RESOURCE_EXEMPT.keys(),
    ];
    for (const action of all) assert.equal(findAction(action)?.full, action);
  });

  it('lists only what belongs', () => {
    for (const { action } of [...CREDENTIALS_EXPOSURE, ...DATA_EXFILTRATION])
      assert.ok(supportsResourceLevel(action), action);
    for (const action of RESOURCE_EXPOSURE) {
      assert.ok(supportsResourceLevel(action) || findAction(action)?.conditionKeys.length, action);
      assert.notEqual(findAction(action)?.accessLevel, 'Permissions management', action);
    }
    // An exemption of what has no resource type would exempt nothing.
    for (const action of WILDCARD_RESOURCE_EXEMPT.keys()) assert.ok(supportsResourceLevel(action), action);
    for (const action of CREDENTIALS_WITHOUT_RESOURCE) assert.equal(supportsResourceLevel(action), false, action);
    const lists = [CREDENTIALS_EXPOSURE, DATA_EXFILTRATION].map((entries) => entries.map((entry) => entry.action));
    for (const list of [...lists, CREDENTIALS_WITHOUT_RESOURCE, RESOURCE_EXPOSURE]) {
      assert.equal(new Set(list).size, list.length);
    }
  });

  it('has minimal paths with unique ids', () => {
    assert.equal(new Set(ESCALATION_PATHS.map((path) => path.id)).size, ESCALATION_PATHS.length);
    for (const path of ESCALATION_PATHS) {
      assert.equal(escalationPaths({ covers: (action) => path.actions.includes(action) }).length, 1, path.id);
      assert.match(path.title, /^[a-z][^.]+$/);
    }
  });

  it('finds paths', () => {
    assert.deepEqual(ids('iam:CreatePolicyVersion'), ['iam-001']);
    assert.deepEqual(ids('iam:SetDefaultPolicyVersion'), ['iam-set-default-policy-version']);
    assert.deepEqual(ids('glue:updatedevendpoint', 'lambda:updatefunctioncode'), ['glue-002', 'lambda-003']);
    assert.deepEqual(ids('iam:PassRole'), []);
    assert.deepEqual(ids('lambda:CreateFunction', 'lambda:InvokeFunction'), []);
    assert.deepEqual(ids('iam:Pass*', 'lambda:CreateFunction', 'lambda:Invoke*'), ['lambda-001']);
    assert.deepEqual(ids('s3:*', 'logs:*'), []);
    assert.equal(ids('*').length, ESCALATION_PATHS.length);
    assert.deepEqual(
      escalationPathsWith('LAMBDA:CreateFunction').map((path) => path.id),
      ['lambda-001', 'lambda-002', 'lambda-006'],
    );
  });

  it('finds more the more is allowed', () => {
    const action = fc.constantFrom(...new Set(ESCALATION_PATHS.flatMap((path) => path.actions)));
    fc.assert(
      fc.property(fc.array(action), fc.array(action), (some, more) => {
        const all = new Set(ids(...some, ...more));
        for (const id of ids(...some)) assert.ok(all.has(id));
      }),
    );
  });

  it('subtracts what is denied and inverts NotAction', () => {
    assert.deepEqual(escalationPaths(allowedBy(['iam:*'], ['iam:*'])), []);
    assert.deepEqual(dataExfiltration(allowedBy(['s3:*'], ['s3:GetObject*'])), []);
    const rest = allowedByNotAction(['iam:*', 'sts:*']);
    assert.equal(rest.covers('iam:PassRole'), false);
    assert.ok(escalationPaths(rest).every((path) => path.actions.every((action) => !action.startsWith('iam:'))));
    assert.ok(infrastructureModification(rest, 5).length === 5);
    assert.deepEqual(
      escalationPaths(unionOf([allowedBy(['iam:PassRole']), allowedBy(['ec2:RunInstances'])])).map((path) => path.id),
      ['ec2-001'],
    );
  });

  it('finds exposed credentials and data', () => {
    const credentials = credentialsExposure(allowedBy(['redshift:getclustercredentials', 'ecr:getauthorizationtoken']));
    assert.deepEqual(
      credentials.map((entry) => entry.action),
      ['redshift:GetClusterCredentials'],
    );
    assert.deepEqual(
      dataExfiltration(allowedBy(['s3:GetObject'])).map((entry) => entry.action),
      ['s3:GetObject'],
    );
    assert.equal(DATA_EXFILTRATION.filter((entry) => entry.peers).length, 5);
  });

  it('finds permissions management and writes', () => {
    assert.deepEqual(
      resourceExposure(allowedBy(['lambda:addpermission', 's3:putbucketacl', 'ram:CreateResourceShare'])),
      ['lambda:AddPermission', 'ram:CreateResourceShare', 's3:PutBucketAcl'],
    );
    assert.deepEqual(resourceExposure(allowedBy(['iam:ChangePassword', 's3:Get*'])), []);
    assert.equal(resourceExposure(allowedBy(['*']), 3).length, 3);
    assert.deepEqual(infrastructureModification(allowedBy(['s3:PutObject', 's3:GetObject'])), ['s3:PutObject']);
    assert.deepEqual(infrastructureModification(allowedBy(['xray:Put*', 'cloudwatch:PutMetricData'])), []);
    assert.deepEqual(
      actionsAtLevel(allowedBy(['ec2:CreateTags', 'ec2:CreateTags']), 'Tagging').map((action) => action.full),
      ['ec2:CreateTags'],
    );
    assert.ok(restrictableActions(allowedBy(['s3:Describe*'])).length > 0);
    assert.deepEqual(restrictableActions(allowedBy(['s3:ListAllMyBuckets'])), []);
  });

  it('exempts what is allowed on * by good custom', () => {
    assert.match(wildcardResourceExemption('CloudWatch:putmetricdata') ?? '', /namespace/);
    assert.ok(wildcardResourceExemption('rds:DescribeDBInstances'));
    assert.equal(wildcardResourceExemption('s3:ListBucket'), undefined);
    assert.equal(wildcardResourceExemption('s3:GetObject'), undefined);
    assert.equal(wildcardResourceExemption('unknown:Action'), undefined);
  });

  it('works without data, on its own lists', () => {
    setActionDataSource(undefined);
    assert.deepEqual(ids('iam:PutUserPolicy'), ['iam-007']);
    assert.deepEqual(infrastructureModification(allowedBy(['*'])), []);
    assert.deepEqual(resourceExposure(allowedBy(['iam:PassRole', 's3:PutBucketAcl'])), ['iam:PassRole']);
    assert.ok(wildcardResourceExemption('cloudwatch:PutMetricData'));
  });
});
