/** AWS Config: what its recorder leaves out, what its aggregator collects. Amazon GuardDuty: whether it watches at all. */

import type { Edit } from '../syntax/edit.ts';
import { ownersOf } from '../template/companions.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asNumber, asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { inPlace, jsonBlocks } from './json-blocks.ts';
import { isPresent, isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Related, Reporter, Rule } from './rule.ts';
import { any, has, isOn } from './shared.ts';

const RECORDER = 'AWS::Config::ConfigurationRecorder';
const TF_RECORDER = 'aws_config_configuration_recorder';
const STATUS = 'aws_config_configuration_recorder_status';
const AGGREGATOR = 'AWS::Config::ConfigurationAggregator';
const TF_AGGREGATOR = 'aws_config_configuration_aggregator';
const DETECTOR = 'aws_guardduty_detector';
const ORGANIZATION = 'aws_guardduty_organization_configuration';

const RECORDER_ALIASES = ['checkov:CKV2_AWS_45'];
const AGGREGATOR_ALIASES = [
  'checkov:CKV_AWS_121',
  'trivy:AVD-AWS-0019',
  'kics:Configuration Aggregator to All Regions Disabled',
];

/** How each language writes what a recorder records. */
const RECORDING = {
  [RECORDER]: {
    group: 'RecordingGroup',
    all: 'RecordingGroup.AllSupported',
    types: 'RecordingGroup.ResourceTypes',
    global: 'RecordingGroup.IncludeGlobalResourceTypes',
    strategy: 'RecordingGroup.RecordingStrategy.UseOnly',
  },
  [TF_RECORDER]: {
    group: 'recording_group',
    all: 'recording_group.all_supported',
    types: 'recording_group.resource_types',
    global: 'recording_group.include_global_resource_types',
    strategy: 'recording_group.recording_strategy.use_only',
  },
} as const;

/** What is known of the strategy: undefined where nothing is. */
function strategyOf(recorder: Resource, path: string): string | undefined {
  const [found, ...others] = select(recorder, path);
  if (!found || others.length) return undefined;
  return found.value.kind === 'absent' ? '' : asString(found.value)?.toUpperCase();
}

function checkRecorder(recorder: Resource, reporter: Reporter): void {
  const paths = RECORDING[recorder.type as keyof typeof RECORDING];
  const strategy = strategyOf(recorder, paths.strategy);
  if (strategy === undefined) return;
  if (strategy === 'EXCLUSION_BY_RESOURCE_TYPES') {
    const [found] = select(recorder, paths.strategy);
    if (found) reporter.reportFound(found, { variant: 'excluding' });
    return;
  }
  const related = statusesOf(recorder);
  const [named] = select(recorder, paths.types);
  for (const found of select(recorder, paths.all)) {
    const says = found.value.kind === 'absent' ? undefined : asBoolean(found.value);
    if (says === false) reporter.reportFound(found, { variant: 'partial', related });
    else if (found.value.kind === 'absent' && named?.value.kind === 'list' && named.value.items.length) {
      reporter.reportFound(named, { node: named.key, variant: 'partial', related });
    }
  }
  // To record all but IAM is the default, and fine where the recorder of another Region records it.
  if (any(isPartial(recorder, paths.all), has(recorder, paths.types)) !== false) return;
  for (const found of select(recorder, paths.global)) {
    const says = found.value.kind === 'absent' ? false : asBoolean(found.value);
    if (says === false) {
      reporter.reportFound(found, { variant: 'global', fix: () => recordGlobal(found) });
    }
  }
}

/** Whether it certainly records named types only; absent means all. */
function isPartial(recorder: Resource, path: string): boolean | undefined {
  const says = has(recorder, path) === false ? true : isOn(recorder, path);
  return says === undefined ? undefined : !says;
}

function recordGlobal(found: Found): Fix | readonly Fix[] | undefined {
  const options = {
    safe: false,
    title: 'Record IAM as well',
    note: 'only in a Region where AWS Config was available before February 2022',
  };
  const { value, resource } = found;
  if (resource.template.dialect !== 'cloudformation') return set(true, options)(found);
  // CloudFormation takes it together with AllSupported only.
  if (value.kind !== 'absent' || value.missing.length < 2) {
    return set(true, { ...options, also: { AllSupported: true } })(found);
  }
  const group = { ...found, value: { ...value, missing: value.missing.slice(0, -1) } };
  return set({ AllSupported: true, IncludeGlobalResourceTypes: true }, options)(group);
}

/** What starts and stops the recorder. */
function statusesOf(recorder: Resource): readonly Related[] {
  return recorder.template
    .ofType(STATUS)
    .filter((status) => ownersOf(status, 'name', TF_RECORDER).includes(recorder))
    .map((status) => ({ node: status.key, message: 'Starts this recorder', resource: status }));
}

/** Members of an organization that GuardDuty is not switched on for. */
function checkOrganization(resource: Resource, reporter: Reporter): void {
  const related = ownersOf(resource, 'detector_id', DETECTOR).map((detector) => ({
    node: detector.key,
    message: 'The detector',
    resource: detector,
  }));
  for (const found of select(resource, 'auto_enable_organization_members')) {
    if (asString(found.value) === 'NONE')
      reporter.reportFound(found, { variant: 'organization', related, fix: () => set('ALL')(found) });
  }
  for (const found of select(resource, 'auto_enable')) {
    if (asBoolean(found.value) === false)
      reporter.reportFound(found, { variant: 'organization', related, fix: () => set(true)(found) });
  }
}

/** A source of an aggregator: all Regions instead of those it names. */
function allRegions(named: string): FixMaker {
  return (found) => {
    const made = set(true)(found);
    const block = found.value.kind === 'absent' ? found.value.container : found.scopes[found.scopes.length - 1];
    const regions = block?.get(named)?.key.entry;
    if (!made || !('edits' in made) || !regions) return made;
    const edits: readonly Edit[] =
      found.value.kind === 'absent'
        ? [
            { kind: 'rename', entry: regions, name: found.value.missing.join('.') },
            { kind: 'replace', node: regions.value, data: true },
          ]
        : [...made.edits, { kind: 'remove', entry: regions }];
    return { ...made, edits };
  };
}

// ---- rules of AWS Config

const MAX_AGE = 90;
const RULE_PARAMETERS: Readonly<Record<string, { readonly source: string; readonly parameters: string }>> = {
  'AWS::Config::ConfigRule': { source: 'Source.SourceIdentifier', parameters: 'InputParameters' },
  aws_config_config_rule: { source: 'source.source_identifier', parameters: 'input_parameters' },
  'AWS::Config::OrganizationConfigRule': {
    source: 'OrganizationManagedRuleMetadata.RuleIdentifier',
    parameters: 'OrganizationManagedRuleMetadata.InputParameters',
  },
  aws_config_organization_managed_rule: { source: 'rule_identifier', parameters: 'input_parameters' },
};

function checkKeyAge(resource: Resource, reporter: Reporter): void {
  const paths = RULE_PARAMETERS[resource.type];
  if (!paths) return;
  if (!select(resource, paths.source).every(({ value }) => asString(value) === 'ACCESS_KEYS_ROTATED')) return;
  for (const block of jsonBlocks(resource, paths.parameters)) {
    if (block.value.kind !== 'object') continue;
    for (const found of below(block, 'maxAccessKeyAge')) {
      const days = asNumber(found.value);
      if (days === undefined || days <= MAX_AGE) continue;
      reporter.reportFound(found, {
        message: `Access keys may be ${days} days old before AWS Config says so`,
        fix: () => inPlace(set(typeof found.node.value === 'string' ? String(MAX_AGE) : MAX_AGE))(found),
      });
    }
  }
}

export const CONFIG_RULES: readonly Rule[] = [
  {
    id: 'config-guardduty',
    title: 'AWS Config or GuardDuty does not watch everything',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS runs AWS Config and GuardDuty where they are switched on; switching them on, and acting on what they find, is your part.',
    },
    description:
      'GuardDuty notices stolen credentials, mining and talk with known bad hosts; AWS Config keeps what each resource looked like, and when. What they are told to leave out is missing when something must be reconstructed. Switch them on for all accounts and Regions.',
    aws: [
      {
        text: 'Neither is on until an account enables it; a recorder without settings records all supported types but the global ones of IAM.',
        source: 'AWS Config API Reference: RecordingGroup; Amazon GuardDuty API Reference: CreateDetector',
      },
    ],
    aliases: [
      'checkov:CKV_AWS_238',
      'checkov:CKV2_AWS_3',
      'checkov:CKV2_AWS_48',
      ...RECORDER_ALIASES,
      ...AGGREGATOR_ALIASES,
      'kics:GuardDuty Detector Disabled',
    ],
    variants: {
      detector: {
        message: 'GuardDuty detector is switched off',
        aliases: ['checkov:CKV_AWS_238', 'checkov:CKV2_AWS_3', 'kics:GuardDuty Detector Disabled'],
      },
      organization: {
        message: 'GuardDuty is not switched on for the accounts of the organization',
        aliases: ['checkov:CKV2_AWS_3'],
      },
      stopped: { message: 'Configuration recorder is stopped', aliases: RECORDER_ALIASES },
      partial: { message: 'Recorder records named resource types only', aliases: RECORDER_ALIASES },
      excluding: { severity: 'info', message: 'Recorder leaves out resource types', aliases: [] },
      global: {
        severity: 'info',
        message: 'Recorder leaves out IAM users, groups, roles and policies',
        aliases: ['checkov:CKV2_AWS_48'],
      },
      aggregator: { message: 'Aggregator does not collect from all Regions', aliases: AGGREGATOR_ALIASES },
    },
    references: [
      aws('Recording AWS resources with AWS Config', 'config/latest/developerguide/select-resources.html'),
      aws('What is Amazon GuardDuty?', 'guardduty/latest/ug/what-is-guardduty.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::GuardDuty::Detector', path: 'Enable' },
          { type: DETECTOR, path: 'enable' },
        ],
        must: otherwise(isTrue, 'detector'),
        // CloudFormation requires it; Terraform's default is true.
        absent: true,
        fix: set(true),
      },
      { kind: 'resource', types: [ORGANIZATION], check: checkOrganization },
      {
        kind: 'property',
        targets: [{ type: STATUS, path: 'is_enabled' }],
        must: otherwise(isTrue, 'stopped'),
        absent: true,
        fix: set(true),
      },
      { kind: 'resource', types: Object.keys(RECORDING), check: checkRecorder },
      {
        kind: 'property',
        targets: [
          ...['OrganizationAggregationSource', 'AccountAggregationSources'].map((within) => ({
            type: AGGREGATOR,
            within,
            path: 'AllAwsRegions',
            fix: allRegions('AwsRegions'),
          })),
          ...['organization_aggregation_source', 'account_aggregation_source'].map((within) => ({
            type: TF_AGGREGATOR,
            within,
            path: 'all_regions',
            fix: allRegions('regions'),
          })),
        ],
        must: otherwise(isTrue, 'aggregator'),
        absent: 'aggregator',
      },
      {
        kind: 'property',
        targets: [
          { type: AGGREGATOR, path: ['OrganizationAggregationSource', 'AccountAggregationSources'] },
          { type: TF_AGGREGATOR, path: ['organization_aggregation_source', 'account_aggregation_source'] },
        ],
        must: otherwise(isPresent, 'aggregator'),
        absent: 'aggregator',
        message: 'Aggregator names no source',
      },
    ],
  },
  {
    id: 'iam-access-key-rotation',
    title: 'Access keys may grow old before anybody is told',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS Config compares the age of access keys with the limit that you set; rotating the keys, or doing without them, is your part.',
    },
    description:
      'The longer a key is in use, the more places it is in and the longer a stolen one works. Have keys older than 90 days reported and rotate them; better, use roles, whose credentials expire by themselves.',
    aws: [
      {
        text: 'The managed rule access-keys-rotated has a limit of 90 days unless another is given.',
        source: 'access-keys-rotated (AWS Config Developer Guide)',
      },
    ],
    aliases: ['trivy:AVD-AWS-0146', 'kics:High Access Key Rotation Period'],
    references: [aws('access-keys-rotated', 'config/latest/developerguide/access-keys-rotated.html')],
    checks: [{ kind: 'resource', types: Object.keys(RULE_PARAMETERS), check: checkKeyAge }],
  },
];
