/** Who does what in developer tools, hosting and desktops: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';

const WORKSPACE_MAINTENANCE = page('WorkSpace maintenance', 'workspaces/latest/adminguide/workspace-maintenance.html');
const CODEBUILD_SECURITY = page('Security in AWS CodeBuild', 'codebuild/latest/userguide/security.html');
const CODEBUILD_IMAGES = page(
  'Docker images provided by CodeBuild',
  'codebuild/latest/userguide/build-env-ref-available.html',
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
        sources: [CODEBUILD_SECURITY],
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
        text: 'Only images of your own are pulled with the service role; CodeBuild updates the images it provides, and this one waits for you.',
        rule: {
          id: 'moves-codebuild-own-image',
          title: 'Builds run in an image of your own',
          message: 'The build image is not one of CodeBuild: rebuilding it with patches moves from AWS to you',
          description:
            'The service role pulls images that CodeBuild does not provide; its own images need `CODEBUILD`. Operating system, tools and runtimes of an own image get patches when it is rebuilt. That is right for pinned toolchains: rebuild on a schedule and scan it in its registry.',
        },
        sources: [CODEBUILD_IMAGES, CODEBUILD_SECURITY],
      },
    ],
    sources: [CODEBUILD_SECURITY, CODEBUILD_IMAGES],
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
        aws: 'encrypts artifacts with an AWS managed key unless told otherwise',
        customer: 'choose and rotate a key of your own where you need one',
      },
      CONFIGURATION,
    ],
    sources: [page('Data protection in AWS CodePipeline', 'codepipeline/latest/userguide/data-protection.html')],
  },
  codeartifact: {
    name: 'AWS CodeArtifact',
    kind: 'abstracted',
    types: ['CodeArtifact::', 'codeartifact_'],
    aws: 'the repository service and its storage, and origin controls that it sets when a new package first arrives.',
    customer:
      'which packages you publish and let in, origin controls and upstreams, domain and repository policies, tokens.',
    shared: [
      {
        control: 'Configuration',
        aws: 'sets origin controls for new packages',
        customer: 'keep them tight against substituted dependencies',
      },
    ],
    sources: [
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
    aws: 'the service, and encryption at rest and in transit of what it stores of a project.',
    customer:
      'completing the handshake with the provider, what its app may reach, who may use a connection, visibility of repositories, tokens.',
    shared: [CONFIGURATION],
    sources: [
      page('Update a pending connection', 'dtconsole/latest/userguide/connections-update.html'),
      page('Data Protection in AWS CodeStar', 'codestar/latest/userguide/data-protection.html'),
    ],
  },
  codegurureviewer: {
    name: 'Amazon CodeGuru Reviewer',
    kind: 'abstracted',
    types: ['CodeGuruReviewer::', 'codegurureviewer_'],
    aws: 'the review service: it encrypts by default and deletes source code within 10 days after a review.',
    customer: 'which repositories it may read, the key if it shall be yours, acting on recommendations.',
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
    aws: 'the development environment service, and the host below an EC2 environment, which starts with the latest updates.',
    customer:
      'keeping the instance or server of the environment patched, who is a member, how it is reached, its role and credentials.',
    shared: [
      {
        control: 'Patching',
        aws: 'creates an EC2 environment with the latest updates',
        customer: 'patch it from then on',
      },
      CONFIGURATION,
    ],
    sources: [
      page(
        'Configuration and vulnerability analysis in AWS Cloud9',
        'cloud9/latest/user-guide/vulnerability-analysis-and-management.html',
      ),
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
        'Synthetics runtime versions',
        'AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_Library.html',
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
      page('Update management in Amazon WorkSpaces', 'workspaces/latest/adminguide/update-management.html'),
      WORKSPACE_MAINTENANCE,
    ],
  },
  workspacesweb: {
    name: 'Amazon WorkSpaces Secure Browser',
    kind: 'serverless',
    types: ['WorkSpacesWeb::', 'workspacesweb_'],
    aws: 'the browser service: capacity, scaling and browser images; instances that are discarded after a session; encryption by default.',
    customer: 'who may sign in at the portal, browser and user policies, network reach, the key, session logs.',
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
      page('Update Management in Amazon AppStream 2.0', 'appstream2/latest/developerguide/update-management.html'),
      page('Manage AppStream 2.0 Agent Versions', 'appstream2/latest/developerguide/base-images-agent.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
