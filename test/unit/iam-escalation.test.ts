import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { findAction, supportsResourceLevel } from '../../server/src/iam/actions.ts';
import {
  allowedBy,
  CREDENTIALS_EXPOSURE,
  CREDENTIALS_WITHOUT_RESOURCE,
  credentialsExposure,
  DATA_EXFILTRATION,
  dataExfiltration,
  ESCALATION_PATHS,
  escalationPaths,
  escalationPathsWith,
  RESOURCE_EXPOSURE,
  restrictableActions,
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

  it('subtracts what is denied', () => {
    assert.deepEqual(escalationPaths(allowedBy(['iam:*'], ['iam:*'])), []);
    assert.deepEqual(dataExfiltration(allowedBy(['s3:*'], ['s3:GetObject*'])), []);
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

  it('finds what could be limited to a resource', () => {
    assert.ok(restrictableActions(allowedBy(['s3:Describe*'])).length > 0);
    assert.equal(restrictableActions(allowedBy(['*']), 3).length, 3);
    assert.deepEqual(restrictableActions(allowedBy(['s3:ListAllMyBuckets'])), []);
    assert.deepEqual(restrictableActions(allowedBy(['cloudwatch:PutMetricData'])), []);
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
    assert.deepEqual(restrictableActions(allowedBy(['*'])), []);
    assert.ok(wildcardResourceExemption('cloudwatch:PutMetricData'));
  });
});
