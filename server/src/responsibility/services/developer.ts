/** Who does what in developer tools, hosting and desktops: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';

const WORKSPACE_MAINTENANCE = page(
  'Maintenance in WorkSpaces Personal',
  'workspaces/latest/adminguide/workspace-maintenance.html',
);
const CODEBUILD_SECURITY = page('Security in AWS CodeBuild', 'codebuild/latest/userguide/security.html');
const CODEBUILD_IMAGES = page(
  'Docker images provided by CodeBuild',
  'codebuild/latest/userguide/build-env-ref-available.html',
);
const CODEBUILD_ENVIRONMENT = page(
  'AWS::CodeBuild::Project Environment',
  'AWSCloudFormation/latest/TemplateReference/aws-properties-codebuild-project-environment.html',
);

export const DEVELOPER = {
  codebuild: {
    name: 'AWS CodeBuild',
    kind: 'managed',
    types: ['CodeBuild::', 'codebuild_'],
    aws: 'the host operating system, virtualisation and facilities, and the build images that it provides.',
    customer:
      'what builds run and fetch, the build image you choose, the service role, credentials and secrets, security groups, privileged mode, who sees builds.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches hosts and updates the images it provides',
        customer: 'choose a maintained image, or rebuild your own',
      },
      CONFIGURATION,
    ],
    situations: [
      {
        label: 'with an image of yours',
        when: [
          {
            types: ['AWS::CodeBuild::Project'],
            path: 'Environment.ImagePullCredentialsType',
            values: ['SERVICE_ROLE'],
          },
          {
            types: ['aws_codebuild_project'],
            path: 'environment.image_pull_credentials_type',
            values: ['SERVICE_ROLE'],
          },
        ],
        aws: 'the host operating system, virtualisation and facilities.',
        customer:
          'the build image with its operating system, tools and patches; what builds run, the service role, secrets, security groups, privileged mode.',
        shared: [{ control: 'Patching', aws: 'patches hosts', customer: 'rebuild the build image' }],
        sources: [CODEBUILD_ENVIRONMENT, CODEBUILD_SECURITY],
      },
    ],
    movers: [
      {
        concern: 'patches of the build image',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['AWS::CodeBuild::Project'],
            path: 'Environment.ImagePullCredentialsType',
            values: ['SERVICE_ROLE'],
          },
          {
            types: ['aws_codebuild_project'],
            path: 'environment.image_pull_credentials_type',
            values: ['SERVICE_ROLE'],
          },
        ],
        text: 'The service role pulls images that CodeBuild does not provide; it updates those it does provide, and this one waits for whoever builds it.',
        rule: {
          id: 'moves-codebuild-own-image',
          title: 'Builds run in an image of your own',
          message: 'The build image is not one of CodeBuild: rebuilding it with patches moves from AWS to you',
          description:
            'The service role pulls images that CodeBuild does not provide; its own images need `CODEBUILD`. Operating system, tools and runtimes of an own image get patches when it is rebuilt. That is right for pinned toolchains: rebuild on a schedule and scan it in its registry.',
        },
        sources: [CODEBUILD_ENVIRONMENT, CODEBUILD_IMAGES],
      },
    ],
    sources: [CODEBUILD_IMAGES, CODEBUILD_SECURITY],
  },
  codepipeline: {
    name: 'AWS CodePipeline',
    kind: 'abstracted',
    types: ['CodePipeline::', 'codepipeline'],
    aws: 'running the pipeline service and encrypting its data at rest and between services.',
    customer:
      'the pipeline and its role, source connections, tokens and webhook secrets, the artifact bucket and its key.',
    shared: [
      {
        control: 'Keys',
        aws: 'encrypts artifacts with the AWS managed key where the console made the bucket',
        customer:
          'set encryption on the bucket that a template or the CLI names, and a key of your own for other accounts',
      },
      CONFIGURATION,
    ],
    sources: [
      page(
        'Configure server-side encryption for artifacts stored in Amazon S3 for CodePipeline',
        'codepipeline/latest/userguide/S3-artifact-encryption.html',
      ),
      page('Data protection in AWS CodePipeline', 'codepipeline/latest/userguide/data-protection.html'),
    ],
  },
  codeartifact: {
    name: 'AWS CodeArtifact',
    kind: 'abstracted',
    types: ['CodeArtifact::', 'codeartifact_'],
    aws: 'the repository service and its storage, and origin controls of a new package, which follow how its first version came in.',
    customer:
      'which packages you publish and let in, origin controls and upstreams, domain and repository policies, tokens.',
    shared: [
      {
        control: 'Configuration',
        aws: 'sets origin controls for new packages',
        customer: 'keep them tight against substituted dependencies, and set them on packages from before May 2022',
      },
    ],
    sources: [
      page('Editing package origin controls', 'codeartifact/latest/ug/package-origin-controls.html'),
      page('Dependency substitution attacks', 'codeartifact/latest/ug/dependency-substitution-attacks.html'),
      page('Data protection in AWS CodeArtifact', 'codeartifact/latest/ug/data-protection.html'),
    ],
  },
  codedeploy: {
    name: 'AWS CodeDeploy',
    kind: 'abstracted',
    types: ['CodeDeploy::', 'codedeploy_'],
    aws: 'the deployment service, and its records encrypted with a key that AWS owns.',
    customer:
      'revisions and where they lie, the service role, rollback and alarms; on EC2 and on-premises also the agent on a supported version.',
    shared: [
      {
        control: 'Patching',
        aws: 'releases versions of the agent',
        customer: 'keep it current on EC2 and on-premises instances',
      },
      CONFIGURATION,
    ],
    sources: [
      page('Data protection in AWS CodeDeploy', 'codedeploy/latest/userguide/data-protection.html'),
      page('Working with the CodeDeploy agent', 'codedeploy/latest/userguide/codedeploy-agent.html'),
    ],
  },
  codestar: {
    name: 'AWS CodeConnections and CodeStar',
    kind: 'abstracted',
    types: [
      'CodeStar::',
      'CodeStarConnections::',
      'CodeStarNotifications::',
      'CodeConnections::',
      'codestarconnections_',
      'codestarnotifications_',
      'codeconnections_',
    ],
    aws: 'the service that holds the connection to the provider and delivers notifications.',
    customer:
      'completing a pending connection in the console, what the app of the provider may reach, who may use it; who reads notifications, which can quote code and comments.',
    shared: [CONFIGURATION],
    sources: [
      page('Update a pending connection', 'dtconsole/latest/userguide/connections-update.html'),
      page('Security for features of the Developer Tools console', 'dtconsole/latest/userguide/security.html'),
      page(
        'Data protection in AWS CodeStar Notifications and AWS CodeConnections',
        'dtconsole/latest/userguide/data-protection.html',
      ),
    ],
  },
  codegurureviewer: {
    name: 'Amazon CodeGuru Reviewer',
    kind: 'abstracted',
    types: ['CodeGuruReviewer::', 'codegurureviewer_'],
    aws: 'the review service: it encrypts by default and deletes source code within 10 days after a review.',
    customer:
      'which repositories it may read (no new ones since 2025-11-07), the key if it shall be yours, acting on recommendations.',
    shared: [
      {
        control: 'Keys',
        aws: 'encrypts with a key that it owns unless told otherwise',
        customer: 'name a key of your own where you need one',
      },
    ],
    sources: [page('Data protection for CodeGuru Reviewer', 'codeguru/latest/reviewer-ug/data-protection.html')],
  },
  cloud9: {
    name: 'AWS Cloud9',
    kind: 'infrastructure',
    types: ['Cloud9::', 'cloud9_'],
    aws: 'the development environment service, closed to new customers; in an EC2 environment the host, system patches installed by themselves, and its own packages.',
    customer:
      'AWS CLI, SAM CLI and what else you install and its updates, a server of your own altogether, who is a member, how it is reached, role and credentials.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches the operating system of EC2 environments and its own packages when one is opened',
        customer: 'update tools, and patch a server that you bring',
      },
      CONFIGURATION,
    ],
    sources: [
      page('Software updates and patching', 'cloud9/latest/user-guide/vulnerability-analysis-and-management.html'),
    ],
  },
  synthetics: {
    name: 'Amazon CloudWatch Synthetics',
    kind: 'serverless',
    types: ['Synthetics::', 'synthetics_'],
    aws: 'running canaries, and maintenance and security updates of supported runtime versions.',
    customer:
      'the script and secrets in it, the role, artifacts and their key, moving canaries off deprecated runtimes.',
    shared: [
      {
        control: 'Patching',
        aws: 'publishes runtime versions and announces deprecation',
        customer: 'move canaries to a supported one',
      },
      CONFIGURATION,
    ],
    sources: [
      page(
        'Runtime versions support policy',
        'AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Runtime_Support_Policy.html',
      ),
    ],
  },
  amplify: {
    name: 'AWS Amplify',
    kind: 'serverless',
    types: ['Amplify::', 'AmplifyUIBuilder::', 'amplify_'],
    aws: 'the build and hosting service, and the infrastructure below them.',
    customer:
      'code and its dependencies, access tokens and environment variables, the service role, branch access, and a build image if it is yours.',
    shared: [CONFIGURATION],
    sources: [
      page('Infrastructure Security in AWS Amplify', 'amplify/latest/userguide/infrastructure-security.html'),
      page('Customizing the build image', 'amplify/latest/userguide/custom-build-image.html'),
    ],
  },
  workspaces: {
    name: 'Amazon WorkSpaces',
    kind: 'managed',
    types: ['WorkSpaces::', 'workspaces_'],
    aws: 'the hosts and the streaming service, and maintenance windows in which desktops install updates.',
    customer:
      'operating system and applications of the desktops and their updates, users and rights, encryption of volumes, security groups.',
    shared: [
      {
        control: 'Patching',
        aws: 'opens maintenance windows and installs important updates',
        customer: 'leave them on or update yourself, and keep applications current',
      },
      CONFIGURATION,
    ],
    movers: [
      {
        concern: 'installing updates on desktops',
        from: 'shared',
        to: 'customer',
        when: [
          {
            types: ['aws_workspaces_directory'],
            path: 'workspace_creation_properties.enable_maintenance_mode',
            values: ['false'],
          },
        ],
        text: 'Without maintenance mode desktops that stop by themselves are no longer started to install updates, so that updating them is yours.',
        rule: {
          id: 'moves-workspaces-maintenance',
          title: 'Desktops have no maintenance window',
          message:
            'Maintenance mode is off: installing updates on desktops that stop by themselves moves from AWS to you',
          description:
            'WorkSpaces starts desktops in AutoStop mode once a month to install important updates. With maintenance mode off it does not, and they stay without until somebody updates them. That is right where you patch on a schedule of your own.',
          back: { set: true, safe: false, note: 'desktops restart in the maintenance window' },
        },
        sources: [WORKSPACE_MAINTENANCE],
      },
    ],
    sources: [
      page('Update management in WorkSpaces', 'workspaces/latest/adminguide/update-management.html'),
      WORKSPACE_MAINTENANCE,
    ],
  },
  workspacesweb: {
    name: 'Amazon WorkSpaces Secure Browser',
    kind: 'serverless',
    types: ['WorkSpacesWeb::', 'workspacesweb_'],
    aws: 'the browser service: capacity, scaling and browser images; instances that are discarded after a session; encryption by default.',
    customer:
      'the identity provider, which alone decides who gets past a portal that all the internet reaches; browser and user policies, network reach, the key, logs.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Data encryption in Amazon WorkSpaces Secure Browser',
        'workspaces-web/latest/adminguide/data-encryption.html',
      ),
      page(
        'Infrastructure security in Amazon WorkSpaces Secure Browser',
        'workspaces-web/latest/adminguide/infrastructure-security.html',
      ),
    ],
  },
  appstream: {
    name: 'Amazon WorkSpaces Applications (AppStream 2.0)',
    kind: 'managed',
    types: ['AppStream::', 'appstream_'],
    aws: 'the hosts and the streaming service, and its agent where images always take the latest version.',
    customer:
      'the image: operating system, applications and their updates; directory credentials, users, internet access, security groups.',
    shared: [
      {
        control: 'Patching',
        aws: 'updates the agent on images set to the latest version',
        customer: 'update the operating system and applications in the image',
      },
      CONFIGURATION,
    ],
    sources: [
      page(
        'Update Management in Amazon WorkSpaces Applications',
        'appstream2/latest/developerguide/update-management.html',
      ),
      page('Manage WorkSpaces Applications Agent Versions', 'appstream2/latest/developerguide/base-images-agent.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
