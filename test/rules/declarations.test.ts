/**
 * Every declaration by itself: a resource that violates it and one that satisfies it, made from the declaration, in every format
 * of its language. The finding is there or not, on the value or on the nearest key, and its fix ends it.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from '../../server/src/analysis/analyze.ts';
import { applyTextEdits, renderEdits } from '../../server/src/syntax/edit.ts';
import { loadIamData } from '../support/iam-data.ts';
import { type Declaration, declarations, expectedNode, findingsOf, type Generated, generate } from './declarations.ts';

loadIamData();

/** Declarations of which one side cannot be made from constants alone, with the reason. */
const WEB_SOCKET = 'only of a WebSocket API, which is another resource';
const INSTANCES = 'only where another property asks for several instances';
const NOT_MADE: Readonly<Record<string, string>> = {
  'ebs-encryption: aws_ebs_volume encrypted': 'the second of two: only a volume that another resource attaches',
  'sg-egress-missing: AWS::EC2::SecurityGroup SecurityGroupEgress':
    'that there is no rule is what is judged, no value of it',
  'athena-encryption: AWS::Athena::WorkGroup WorkGroupConfiguration':
    'only its absence is judged here; what is in it, by the other declarations',
  'athena-encryption: aws_athena_workgroup configuration':
    'only its absence is judged here; what is in it, by the other declarations',
  'apigw-execution-logging: AWS::ApiGateway::Stage MethodSettings':
    'only its absence is judged here; what is in it, by the other declarations',
  'apigw-execution-logging: AWS::ApiGatewayV2::Stage DefaultRouteSettings.LoggingLevel': WEB_SOCKET,
  'apigw-execution-logging: aws_apigatewayv2_stage default_route_settings.logging_level': WEB_SOCKET,
  'apigw-mtls-client-cert: AWS::ApiGatewayV2::Stage ClientCertificateId': WEB_SOCKET,
  'apigw-mtls-client-cert: aws_apigatewayv2_stage client_certificate_id': WEB_SOCKET,
  'sagemaker-network-isolation: AWS::SageMaker::ProcessingJob NetworkConfig.EnableInterContainerTrafficEncryption':
    INSTANCES,
  'sagemaker-network-isolation: AWS::SageMaker::MonitoringSchedule MonitoringScheduleConfig.MonitoringJobDefinition NetworkConfig.EnableInterContainerTrafficEncryption':
    INSTANCES,
  'sagemaker-network-isolation: aws_sagemaker_data_quality_job_definition network_config.enable_inter_container_traffic_encryption':
    INSTANCES,
  'sagemaker-network-isolation: aws_sagemaker_monitoring_schedule monitoring_schedule_config.monitoring_job_definition network_config.enable_inter_container_traffic_encryption':
    INSTANCES,
};

function nameOf({ rule, target, type }: Declaration): string {
  return `${rule.id}: ${type} ${[target.within, [target.path].flat()[0]].filter(Boolean).join(' ')}`;
}

function verify(declaration: Declaration, source: Generated): void {
  const { rule, check, target } = declaration;
  const alone = { ...rule, checks: [{ ...check, targets: [target] }] };
  const [root] = parse(source).roots;
  assert.ok(root);
  const expected = expectedNode(root, source.path);
  const findings = findingsOf(alone, source);
  const [first] = findings;
  assert.ok(first, `a finding in\n${source.text}`);
  assert.deepEqual([first.node.start, first.node.end], [expected.start, expected.end], `range in\n${source.text}`);
  for (const finding of findings) {
    assert.ok(finding.node.start >= 0 && finding.node !== finding.resource.body, 'never the whole resource');
    for (const fix of finding.fixes()) {
      const edits = [...(renderEdits(fix.edits)?.values() ?? [])].flat();
      assert.ok(edits.length, `"${fix.title}" renders to nothing in\n${source.text}`);
      const text = applyTextEdits(source.text, edits);
      const after = parse({ uri: source.uri, text });
      assert.deepEqual(after.problems, [], `after "${fix.title}":\n${text}`);
      const left = findingsOf(alone, { uri: source.uri, text }).filter(
        ({ node, path }) => path === finding.path && node.start === finding.node.start,
      );
      assert.deepEqual(left, [], `"${fix.title}" leaves the finding:\n${text}`);
    }
  }
}

describe('declarations', () => {
  const met = new Set<string>();
  for (const declaration of declarations()) {
    const name = nameOf(declaration);
    it(name, () => {
      const { violating, satisfying } = generate(declaration);
      if (!violating.length || !satisfying.length) {
        met.add(name);
        const missing = [!violating.length && 'violating', !satisfying.length && 'satisfying'].filter(Boolean);
        assert.ok(NOT_MADE[name], `no ${missing.join(' and no ')} resource could be made`);
      }
      for (const source of violating) verify(declaration, source);
    });
  }

  it('names no exception that is none', () => {
    assert.deepEqual(
      Object.keys(NOT_MADE).filter((name) => !met.has(name)),
      [],
    );
  });
});
