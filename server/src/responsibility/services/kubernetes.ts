/** Who does what in Amazon EKS, by who runs the nodes: the row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';

const NODE_GROUPS = page(
  'Simplify node lifecycle with managed node groups',
  'eks/latest/userguide/managed-node-groups.html',
);
const AUTO_MODE = page(
  'Learn about Amazon EKS Auto Mode Managed instances',
  'eks/latest/userguide/automode-learn-instances.html',
);
const VERSIONS = page(
  'Understand the Kubernetes version lifecycle on EKS',
  'eks/latest/userguide/kubernetes-versions.html',
);
const HYBRID_NODES = page('Amazon EKS Hybrid Nodes overview', 'eks/latest/userguide/hybrid-nodes-overview.html');

export const KUBERNETES = {
  eks: {
    name: 'Amazon EKS',
    kind: 'managed',
    types: ['EKS::', 'eks_'],
    aws: 'the Kubernetes control plane: its nodes and the etcd database.',
    customer:
      'who reaches and may use the API, security groups and network policies, pods and images, upgrades to supported versions, and nodes unless AWS runs them.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches the control plane and builds patched node images',
        customer: 'deploy them where nodes are yours, and upgrade Kubernetes',
      },
      CONFIGURATION,
    ],
    situations: [
      {
        label: 'in a managed node group with an image of yours',
        when: [
          { types: ['AWS::EKS::Nodegroup'], path: 'AmiType', values: ['CUSTOM'] },
          { types: ['aws_eks_node_group'], path: 'ami_type', values: ['CUSTOM'] },
        ],
        aws: 'the control plane, and draining and replacing nodes when you update the group.',
        customer:
          'the node image: building it with current patches and deploying it; pods, images, security groups, roles.',
        shared: [
          {
            control: 'Patching',
            aws: 'drains and replaces nodes',
            customer: 'build the patched image and start the update',
          },
        ],
        sources: [NODE_GROUPS],
      },
      {
        label: 'in a managed node group',
        when: [{ types: ['AWS::EKS::Nodegroup', 'aws_eks_node_group'] }],
        aws: 'the control plane, patched EKS-optimized node images, and draining and replacing nodes during an update.',
        customer:
          'starting the update to a patched image, or building it where a launch template names one of yours; node configuration, remote access, pods, security groups, roles.',
        shared: [{ control: 'Patching', aws: 'builds patched node images', customer: 'deploy them to the group' }],
        sources: [NODE_GROUPS],
      },
      {
        label: 'on Fargate',
        kind: 'serverless',
        when: [{ types: ['AWS::EKS::FargateProfile', 'aws_eks_fargate_profile'] }],
        aws: 'the control plane and the nodes: it patches their operating system and recycles pods to do so; each pod has a kernel of its own.',
        customer: 'pods and their images, the pod execution role, disruption budgets, security groups and subnets.',
        shared: [
          {
            control: 'Patching',
            aws: 'patches the operating system of nodes',
            customer: 'let pods be evicted, and rebuild images',
          },
        ],
        sources: [
          page('Set actions for AWS Fargate OS patching events', 'eks/latest/userguide/fargate-pod-patching.html'),
        ],
      },
      {
        label: 'with Auto Mode',
        when: [
          { types: ['AWS::EKS::Cluster'], path: 'ComputeConfig.Enabled', values: ['true'] },
          { types: ['aws_eks_cluster'], path: 'compute_config.enabled', values: ['true'] },
        ],
        aws: 'the control plane and the nodes of Auto Mode: it creates, patches and deletes their instances, and runs core networking and storage add-ons.',
        customer:
          'containers and pods, access to the API, security groups and network policies, Kubernetes upgrades, nodes outside Auto Mode.',
        shared: [
          {
            control: 'Patching',
            aws: 'replaces nodes with patched ones',
            customer: 'set disruption controls, and rebuild images',
          },
        ],
        sources: [AUTO_MODE],
      },
      {
        label: 'with hybrid nodes',
        when: [
          { types: ['AWS::EKS::Cluster'], path: 'RemoteNetworkConfig.RemoteNodeNetworks[].Cidrs', present: true },
          { types: ['aws_eks_cluster'], path: 'remote_network_config.remote_node_networks.cidrs', present: true },
        ],
        aws: 'the control plane: its nodes and the etcd database.',
        customer:
          'the hybrid nodes: machines, operating system, patches, upgrades, credentials and the network to AWS; other nodes unless AWS runs them; pods, images, access to the API.',
        sources: [HYBRID_NODES],
      },
    ],
    movers: [
      {
        concern: 'building patched node images',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::EKS::Nodegroup'], path: 'AmiType', values: ['CUSTOM'] },
          { types: ['aws_eks_node_group'], path: 'ami_type', values: ['CUSTOM'] },
        ],
        text: 'EKS builds patched versions of its own node images; a custom image is patched when you build it again, and no update is announced for it.',
        rule: {
          id: 'moves-eks-custom-ami',
          title: 'Nodes run an image of your own',
          message: 'The node image is yours: building it with current patches moves from AWS to you',
          description:
            'For EKS-optimized images AWS builds patched versions and shows when one is due; deploying it is yours either way. With a custom image you watch for vulnerabilities, build and deploy. That is right where nodes need software or hardening that AWS images lack: rebuild it from a current EKS-optimized image on a schedule.',
        },
        sources: [NODE_GROUPS],
      },
      {
        concern: 'hybrid nodes',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::EKS::Cluster'], path: 'RemoteNetworkConfig.RemoteNodeNetworks[].Cidrs', present: true },
          { types: ['aws_eks_cluster'], path: 'remote_network_config.remote_node_networks.cidrs', present: true },
        ],
        text: 'Hybrid nodes are machines on your premises: hardware, operating system, patches and the connection to AWS are yours.',
        rule: {
          id: 'moves-eks-hybrid-nodes',
          title: 'Cluster takes nodes outside AWS',
          message: 'Hybrid nodes run on machines of yours: hardware, patches and their network move from AWS to you',
          description:
            'AWS runs the control plane; you manage the nodes that join from your premises or the edge. Machines, operating system, credentials and the private connection are yours through their whole life.',
        },
        sources: [
          HYBRID_NODES,
          page('Prerequisite setup for hybrid nodes', 'eks/latest/userguide/hybrid-nodes-prereqs.html'),
        ],
      },
      {
        concern: 'the nodes',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::EKS::Cluster'], path: 'ComputeConfig.Enabled', values: ['true'] },
          { types: ['aws_eks_cluster'], path: 'compute_config.enabled', values: ['true'] },
        ],
        text: 'Auto Mode creates the nodes of its pools, replaces them with patched ones and deletes them; other nodes stay yours.',
        sources: [AUTO_MODE],
      },
      {
        concern: 'Kubernetes upgrades of the control plane',
        from: 'customer',
        to: 'shared',
        when: [
          { types: ['AWS::EKS::Cluster'], path: 'UpgradePolicy.SupportType', values: ['STANDARD'] },
          { types: ['aws_eks_cluster'], path: 'upgrade_policy.support_type', values: ['STANDARD'] },
        ],
        text: 'At the end of standard support EKS upgrades the control plane to the next version by itself; nodes and add-ons are yours to follow up.',
        sources: [
          page('View current cluster upgrade policy', 'eks/latest/userguide/view-upgrade-policy.html'),
          VERSIONS,
        ],
      },
      {
        concern: 'repair of unhealthy nodes',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::EKS::Nodegroup'], path: 'NodeRepairConfig.Enabled', values: ['true'] },
          { types: ['aws_eks_node_group'], path: 'node_repair_config.enabled', values: ['true'] },
        ],
        text: 'EKS watches the health of the nodes in this group and replaces or restarts those that fail, which is off by default.',
        sources: [
          page('Detect node health issues and enable automatic node repair', 'eks/latest/userguide/node-health.html'),
        ],
      },
    ],
    sources: [page('Security in Amazon EKS', 'eks/latest/userguide/security.html'), VERSIONS],
  },
} satisfies Record<string, ServiceResponsibility>;
