/** Amazon EC2: public addresses, the instance metadata service, the serial console, roles. User data: ec2-user-data.ts. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import { isPartial, type Resource, type Template } from '../template/template.ts';
import { asNumber, asPattern, asString, type Leaf, type Value } from '../template/value.ts';
import { set } from './fixes.ts';
import { isFalse, noneOf, oneOf, otherwise, scalar } from './predicates.ts';
import { publicAddress } from './public-instances.ts';
import { aws } from './references.ts';
import type { Predicate, Reporter, Rule, Target } from './rule.ts';
import { all, lacks } from './shared.ts';

const METADATA_PAGE = aws(
  'Configure the Instance Metadata Service options',
  'AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html',
);
const IMDS_PAGE = aws(
  'Use the Instance Metadata Service to access instance metadata',
  'AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html',
);

/** Types that carry metadata options, the path of that block, and of the image. */
interface Launch {
  readonly type: string | readonly string[];
  readonly options: string;
  readonly image: string;
  /** A launch template that may set the options instead. */
  readonly template?: string;
}

const CLOUDFORMATION_LAUNCHES: readonly Launch[] = [
  { type: 'AWS::EC2::Instance', options: 'MetadataOptions', image: 'ImageId', template: 'LaunchTemplate' },
  { type: 'AWS::AutoScaling::LaunchConfiguration', options: 'MetadataOptions', image: 'ImageId' },
  {
    type: 'AWS::EC2::LaunchTemplate',
    options: 'LaunchTemplateData.MetadataOptions',
    image: 'LaunchTemplateData.ImageId',
  },
];
const TERRAFORM_LAUNCHES: readonly Launch[] = [
  {
    type: ['aws_instance', 'aws_spot_instance_request'],
    options: 'metadata_options',
    image: 'ami',
    template: 'launch_template',
  },
  { type: ['aws_launch_configuration', 'aws_launch_template'], options: 'metadata_options', image: 'image_id' },
];

/** A target for one of the options of every type, in both languages. */
function optionTargets(
  cloudFormation: string,
  terraform: string,
  more?: (launch: Launch, endpoint: string) => Partial<Target>,
): Target[] {
  const target = (launch: Launch, name: string, endpoint: string): Target => ({
    type: launch.type,
    path: `${launch.options}.${name}`,
    where: (resource) => isOn(resource, `${launch.options}.${endpoint}`),
    ...more?.(launch, endpoint),
  });
  return [
    ...CLOUDFORMATION_LAUNCHES.map((launch) => target(launch, cloudFormation, 'HttpEndpoint')),
    ...TERRAFORM_LAUNCHES.map((launch) => target(launch, terraform, 'http_endpoint')),
  ];
}

/** The metadata service answers unless it is switched off. */
function isOn(resource: Resource, path: string): boolean | undefined {
  const verdicts = new Set(
    select(resource, path).map(({ value }) => {
      if (value.kind === 'absent') return true;
      const text = asString(value)?.toLowerCase();
      return text === undefined ? undefined : text !== 'disabled';
    }),
  );
  if (verdicts.has(true)) return true;
  return verdicts.has(undefined) ? undefined : false;
}

/** Amazon Linux 2023 images are marked so that instances require session tokens. Source: Amazon Linux 2023 user guide, IMDSv2. */
const REQUIRES_TOKENS = /al2023-ami|amazon-linux-2023/i;

/**
 * Whether the image, or a setting of the account in this template, makes tokens required where the template says nothing; or may, as
 * far as that is known.
 * The image is known by the public parameter or the name filter it is looked up by.
 */
function tokensByDefault(resource: Resource, image: string): boolean {
  const { template } = resource;
  if (isPartial(template)) return true;
  const defaults = template.ofType('aws_ec2_instance_metadata_defaults');
  if (defaults.some((one) => select(one, 'http_tokens').every(({ value }) => asString(value) === 'required')))
    return true;
  const found = select(resource, image);
  return (
    found.length > 0 &&
    found.every(({ value }) => imageTexts(value, template).some((text) => REQUIRES_TOKENS.test(text)))
  );
}

/** What an image is looked up by. */
function imageTexts(value: Leaf, template: Template): readonly string[] {
  if (value.kind === 'unknown' && value.parameter !== undefined) {
    const parameter = template.parameters.find((one) => one.name === value.parameter)?.value;
    const fallback = parameter?.kind === 'object' ? parameter.get('Default')?.value : undefined;
    return fallback ? textsOf(fallback) : [];
  }
  if (value.kind !== 'reference') return textsOf(value);
  const source = template.resource(value.target);
  if (!source?.isData) return [];
  return ['name', 'filter[].values[]'].flatMap((path) => select(source, path).flatMap((leaf) => textsOf(leaf.value)));
}

function textsOf(value: Value): readonly string[] {
  const text = value.kind === 'choice' ? undefined : asPattern(value);
  return text === undefined ? [] : [text];
}

const PUBLIC_ADDRESS_ALIASES = [
  'checkov:CKV_AWS_88',
  'guard:EC2_INSTANCE_NO_PUBLIC_IP',
  'cdk-nag:EC2InstanceNoPublicIp',
  'kics:EC2 Instance Has Public IP',
];

/** One more hop reaches containers behind a bridge; more than that leaves the host. */
const hops: Predicate = scalar((value) => {
  const limit = asNumber(value);
  if (limit === undefined) return undefined;
  return limit <= 1 ? true : limit === 2 ? 'containers' : false;
});

export const EC2_RULES: readonly Rule[] = [
  {
    id: 'ec2-public-ip',
    title: 'Instance gets a public address',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS gives out the public address that the template asks for; which instances the internet can reach is your decision.',
    },
    description:
      'An instance with a public address is one open security group rule away from the internet. Put instances into private subnets, let a load balancer receive the traffic, and reach them through Session Manager; outbound traffic can go through a NAT gateway.',
    aws: awsDefaults('ec2-public-ip'),
    aliases: [...PUBLIC_ADDRESS_ALIASES, 'trivy:AVD-AWS-0009'],
    variants: {
      'launch-configuration': {
        message: 'Instances of this launch configuration get a public address',
        aliases: [
          'checkov:CKV_AWS_389',
          'trivy:AVD-AWS-0009',
          'guard:AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED',
          'cdk-nag:AutoScalingLaunchConfigPublicIpDisabled',
        ],
      },
    },
    references: [
      aws('Amazon EC2 instance IP addressing', 'AWSEC2/latest/UserGuide/using-instance-addressing.html'),
      aws('AWS Systems Manager Session Manager', 'systems-manager/latest/userguide/session-manager.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::Instance', path: 'NetworkInterfaces[].AssociatePublicIpAddress' },
          { type: 'AWS::EC2::LaunchTemplate', path: 'LaunchTemplateData.NetworkInterfaces[].AssociatePublicIpAddress' },
          {
            type: 'AWS::EC2::SpotFleet',
            path: 'SpotFleetRequestConfigData.LaunchSpecifications[].NetworkInterfaces[].AssociatePublicIpAddress',
          },
          { type: ['aws_instance', 'aws_spot_instance_request'], path: 'associate_public_ip_address' },
          { type: 'aws_launch_template', path: 'network_interfaces[].associate_public_ip_address' },
          { type: 'aws_spot_fleet_request', path: 'launch_specification[].associate_public_ip_address' },
        ],
        must: isFalse,
        absent: true,
        fix: set(false, {
          safe: false,
          note: 'replaces the instance, which then needs a NAT gateway or endpoints to reach out',
        }),
      },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::AutoScaling::LaunchConfiguration', path: 'AssociatePublicIpAddress' },
          { type: 'aws_launch_configuration', path: 'associate_public_ip_address' },
        ],
        must: otherwise(isFalse, 'launch-configuration'),
        absent: true,
        fix: set(false, { safe: false, note: 'new instances then need a NAT gateway or endpoints to reach out' }),
      },
    ],
  },
  {
    id: 'ec2-imdsv1',
    title: 'Instance metadata can be read without a session token',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS offers the metadata service with session tokens (IMDSv2) and makes it the default of newer images; to refuse requests without a token is your setting.',
    },
    description:
      'The metadata service hands out the credentials of the instance’s role, and version 1 to any plain GET request: a server-side request forgery or an open proxy on the instance is enough to steal them. Require tokens (IMDSv2): the SDKs, the CLI and current agents use them by themselves.',
    aws: awsDefaults('ec2-imds-tokens'),
    aliases: ['checkov:CKV_AWS_79', 'trivy:AVD-AWS-0028', 'trivy:AVD-AWS-0130', 'cdk-nag:EC2IMDSv2Enabled'],
    variants: {
      unset: {
        severity: 'low',
        message: 'Metadata can be read without a session token unless the image or the account requires one',
      },
      account: {
        severity: 'medium',
        message: 'New instances of the account accept metadata requests without a session token by default',
        aliases: [],
      },
    },
    references: [IMDS_PAGE, METADATA_PAGE],
    checks: [
      {
        kind: 'property',
        targets: optionTargets('HttpTokens', 'http_tokens'),
        must: oneOf('required'),
        // Judged below: it depends on the image and on the launch template.
        absent: true,
        fix: set('required', { safe: false, note: 'software that still uses IMDSv1 gets no credentials' }),
      },
      {
        kind: 'property',
        targets: optionTargets('HttpTokens', 'http_tokens', (launch, endpoint) => ({
          where: (resource) =>
            all(
              isOn(resource, `${launch.options}.${endpoint}`),
              launch.template === undefined || lacks(resource, launch.template),
              !tokensByDefault(resource, launch.image),
            ),
        })),
        must: () => true,
        absent: 'unset',
        fix: set('required', { safe: false, note: 'software that still uses IMDSv1 gets no credentials' }),
      },
      {
        kind: 'property',
        targets: [{ type: 'aws_ec2_instance_metadata_defaults', path: 'http_tokens' }],
        must: otherwise(noneOf('optional'), 'account'),
        absent: true,
        fix: set('required', {
          safe: false,
          note: 'software on new instances that still uses IMDSv1 gets no credentials',
        }),
      },
    ],
  },
  {
    id: 'ec2-imds-hop-limit',
    title: 'Metadata responses may travel more than one hop',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps token responses on the instance by default; how far they may travel is your setting.',
    },
    description:
      'With a hop limit of 1 the session token never leaves the instance. Two hops let containers behind a bridge network read the credentials of the host’s role; more let the token pass a router or proxy on the instance. Keep 1, and give containers roles of their own.',
    aws: awsDefaults('ec2-imds-hop-limit'),
    aliases: ['checkov:CKV_AWS_341'],
    variants: {
      containers: {
        severity: 'info',
        message: 'With two hops containers on the instance can read the credentials of its role',
      },
    },
    references: [METADATA_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [
          ...optionTargets('HttpPutResponseHopLimit', 'http_put_response_hop_limit'),
          { type: 'aws_ec2_instance_metadata_defaults', path: 'http_put_response_hop_limit' },
        ],
        must: hops,
        absent: true,
        message: (found) => `Metadata responses may travel ${asNumber(found.value) ?? 'several'} hops`,
        fix: set(1, { safe: false, note: 'containers behind a bridge network can then not read it' }),
      },
    ],
  },
  {
    id: 'ec2-serial-console',
    title: 'Serial console access is switched on for the account',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps the serial console closed until the account opens it; the guardrail is yours.',
    },
    description:
      'The serial console reaches an instance past its network: no security group or network ACL applies, and what users may do depends on IAM and the passwords in the operating system alone. Switch it on while you repair an instance, and off again.',
    aws: awsDefaults('ec2-serial-console'),
    aliases: [],
    references: [aws('EC2 Serial Console for instances', 'AWSEC2/latest/UserGuide/ec2-serial-console.html')],
    checks: [
      {
        kind: 'property',
        targets: [{ type: 'aws_ec2_serial_console_access', path: 'enabled' }],
        must: isFalse,
        // Terraform's default of the resource is true.
        absent: false,
        fix: set(false),
      },
    ],
  },
  {
    id: 'ec2-role-shared-public-private',
    title: 'Public and private instances share a role',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS gives each instance the role that the template names; which instances share one is your decision.',
    },
    description:
      'Whoever takes over an instance that the internet can reach has the rights of its role, and with them those of the private instances behind. Give public instances a role of their own with the little that they need.',
    aliases: ['kics:Public and Private EC2 Share Role'],
    references: [aws('IAM roles for Amazon EC2', 'AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html')],
    checks: [{ kind: 'template', check: checkSharedRoles }],
  },
];

/** Where each language names the instance profile. */
const PROFILES = { 'AWS::EC2::Instance': 'IamInstanceProfile', aws_instance: 'iam_instance_profile' } as const;

/** Reports the public instances whose instance profile a private one has as well. */
function checkSharedRoles(template: Template, reporter: Reporter): void {
  for (const [type, profile] of Object.entries(PROFILES)) {
    const byProfile = new Map<string, { readonly found: Found; readonly isPublic: boolean | undefined }[]>();
    for (const instance of template.ofType(type)) {
      for (const found of select(instance, profile)) {
        const name = profileName(found.value);
        if (name === undefined) continue;
        const list = byProfile.get(name) ?? [];
        const address = publicAddress(instance);
        list.push({ found, isPublic: address === undefined ? undefined : address !== false });
        byProfile.set(name, list);
      }
    }
    for (const users of byProfile.values()) {
      const inside = users.find((one) => one.isPublic === false);
      if (!inside) continue;
      for (const { found, isPublic } of users) {
        if (!isPublic) continue;
        reporter.reportFound(found, {
          message: `This public instance has the role of ${inside.found.resource.address}, which is private`,
          related: [
            {
              node: inside.found.node,
              message: 'A private instance with the same role',
              resource: inside.found.resource,
            },
          ],
        });
      }
    }
  }
}

function profileName(value: Leaf): string | undefined {
  if (value.kind === 'reference') return value.to === 'resource' ? `\u0000${value.target}` : undefined;
  return value.kind === 'known' && value.value !== '' ? String(value.value) : undefined;
}
