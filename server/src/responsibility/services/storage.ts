/** Who does what in storage: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';

const S3_SECURITY = page('Security in Amazon S3', 'AmazonS3/latest/userguide/security.html');
const S3_VULNERABILITY = page(
  'Configuration and vulnerability analysis in Amazon S3',
  'AmazonS3/latest/userguide/vulnerability-analysis-and-management.html',
);
const LUSTRE_DEPLOYMENT = page(
  'Deployment and storage class options for FSx for Lustre file systems',
  'fsx/latest/LustreGuide/using-fsx-lustre.html',
);
const EFS_DURABILITY = page('Features of Amazon EFS', 'efs/latest/ug/features.html');

export const STORAGE = {
  ebs: {
    name: 'Amazon EBS',
    kind: 'infrastructure',
    types: ['EC2::Volume', 'EC2::Snapshot', 'ebs_', 'volume_attachment', 'snapshot_create_volume_permission'],
    aws: 'the storage hardware: it replicates a volume within its Availability Zone, keeps snapshots in all zones of the Region, and overwrites deleted volumes before reuse.',
    customer:
      'the file system and its data, whether volumes are encrypted and with which key, with whom snapshots are shared, taking snapshots: AWS takes none by itself.',
    shared: [
      {
        control: 'Backup',
        aws: 'stores snapshots redundantly in all Availability Zones of the Region',
        customer: 'take them, by a policy or by hand',
      },
      CONFIGURATION,
    ],
    sources: [
      page('Features and benefits of Amazon EBS volumes', 'ebs/latest/userguide/EBSFeatures.html'),
      page('Data protection in Amazon EBS', 'ebs/latest/userguide/data-protection.html'),
      page('Amazon EBS snapshots', 'ebs/latest/userguide/ebs-snapshots.html'),
      page('Amazon EBS encryption', 'ebs/latest/userguide/ebs-encryption.html'),
    ],
  },
  dlm: {
    name: 'Amazon Data Lifecycle Manager',
    kind: 'abstracted',
    types: ['DLM::', 'dlm_'],
    aws: 'creating, keeping and deleting snapshots and images on the schedule of a policy.',
    customer:
      'the policy: which tags it covers, how long copies are kept, their encryption and sharing; its role; snapshots made in any other way; trying out that a restore works.',
    shared: [{ control: 'Backup', aws: 'carries the policy out', customer: 'write it, and keep the tags right' }],
    sources: [
      page('Automate backups with Amazon Data Lifecycle Manager', 'ebs/latest/userguide/snapshot-lifecycle.html'),
    ],
  },
  s3: {
    name: 'Amazon S3',
    kind: 'abstracted',
    types: ['S3::', 'S3ObjectLambda::', 's3_', 's3control_'],
    aws: 'patching, firewall configuration and disaster recovery; encryption of every new object (SSE-S3 at least), and new buckets that start private.',
    customer:
      'your data and who owns objects, access through IAM, policies and settings, encryption choices, turning on detective controls.',
    shared: [
      CONFIGURATION,
      { control: 'Detection', aws: 'offers logs, inventory and alerts', customer: 'switch them on and act on them' },
    ],
    movers: [
      {
        concern: 'uploads with customer-provided keys',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['AWS::S3::Bucket'],
            path: 'BucketEncryption.ServerSideEncryptionConfiguration[].BlockedEncryptionTypes.EncryptionType[]',
            values: ['NONE'],
          },
          {
            types: ['aws_s3_bucket_server_side_encryption_configuration'],
            path: 'rule.blocked_encryption_types[]',
            values: ['NONE'],
          },
        ],
        text: 'AWS refuses SSE-C on new buckets; let in again, the keys of such objects are kept by whoever uploads them, and S3 keeps none.',
        rule: 's3-ssec-allowed',
        sources: [
          page(
            'Blocking or unblocking SSE-C for a general purpose bucket',
            'AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html',
          ),
        ],
      },
      {
        concern: 'access control lists',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['AWS::S3::Bucket'],
            path: 'OwnershipControls.Rules[].ObjectOwnership',
            values: ['BucketOwnerPreferred', 'ObjectWriter'],
          },
          {
            types: ['aws_s3_bucket_ownership_controls'],
            path: 'rule.object_ownership',
            values: ['BucketOwnerPreferred', 'ObjectWriter'],
          },
        ],
        text: 'AWS disables ACLs on new buckets; switched on again, who owns and who may read each object is yours to watch.',
        rule: 's3-acls-enabled',
        sources: [
          page(
            'Controlling ownership of objects and disabling ACLs for your bucket',
            'AmazonS3/latest/userguide/about-object-ownership.html',
          ),
        ],
      },
    ],
    sources: [S3_SECURITY, S3_VULNERABILITY],
  },
  's3-express': {
    name: 'Amazon S3 Express One Zone',
    kind: 'abstracted',
    types: ['S3Express::', 's3_directory_bucket'],
    aws: 'patching and firewall configuration of the service, encryption of every object (SSE-S3 at least), storage in the one zone that you name; public access always blocked, ACLs always off.',
    customer:
      'the choice of the zone and a copy outside it, bucket and access point policies, session permissions, the kind of key.',
    shared: [
      {
        control: 'Availability',
        aws: 'stores data within one Availability Zone or Local Zone',
        customer: 'keep what must survive it elsewhere',
      },
      CONFIGURATION,
    ],
    sources: [
      page(
        'Creating directory buckets in an Availability Zone',
        'AmazonS3/latest/userguide/directory-bucket-create.html',
      ),
      S3_VULNERABILITY,
    ],
  },
  's3-tables': {
    name: 'Amazon S3 Tables',
    kind: 'abstracted',
    types: ['S3Tables::', 's3tables_'],
    aws: 'the storage, and maintenance of the tables unless you switch it off: compaction, snapshot management, removal of unreferenced files.',
    customer:
      'policies of table buckets and tables, IAM permissions, the kind of key and what the maintenance may do with it, how long snapshots of a table are kept.',
    shared: [
      { control: 'Configuration', aws: 'maintains tables by default', customer: 'configure or switch off maintenance' },
    ],
    sources: [
      page('S3 Tables maintenance', 'AmazonS3/latest/userguide/s3-tables-maintenance-overview.html'),
      page('Maintenance for tables', 'AmazonS3/latest/userguide/s3-tables-maintenance.html'),
    ],
  },
  's3-vectors': {
    name: 'Amazon S3 Vectors',
    kind: 'abstracted',
    types: ['S3Vectors::', 's3vectors_'],
    aws: 'the storage and its infrastructure; all vectors are encrypted at rest, with SSE-S3 unless you choose a KMS key.',
    customer:
      'policies of vector buckets, IAM permissions, the kind of encryption, which cannot be changed later, what the vectors and their metadata give away.',
    shared: [CONFIGURATION],
    sources: [
      page('Creating a vector bucket', 'AmazonS3/latest/userguide/s3-vectors-buckets-create.html'),
      S3_SECURITY,
    ],
  },
  's3-files': {
    name: 'Amazon S3 Files',
    kind: 'abstracted',
    types: ['S3Files::', 's3files_'],
    aws: 'the file system, which is built on EFS: its infrastructure, encryption at rest, TLS always, and keeping files and the objects of the bucket in step.',
    customer:
      'the bucket and its policy, the file system policy, POSIX permissions, security groups of mount targets, the role and the key that the file system uses.',
    shared: [CONFIGURATION],
    sources: [
      page('Security for S3 Files', 'AmazonS3/latest/userguide/s3-files-security.html'),
      page('Working with Amazon S3 Files', 'AmazonS3/latest/userguide/s3-files.html'),
      page('Encryption (S3 Files)', 'AmazonS3/latest/userguide/s3-files-encryption.html'),
    ],
  },
  's3-outposts': {
    name: 'Amazon S3 on Outposts',
    kind: 'abstracted',
    types: ['S3Outposts::', 's3outposts_', 's3control_bucket'],
    aws: 'monitoring, patching and updating the storage on the Outpost, redundancy across its devices and servers, SSE-S3 by default; public access is always blocked.',
    customer:
      'physical access to the Outpost at your site and its connection to the Region, bucket and access point policies, the VPC that reaches the endpoint, copies in a Region where data must outlive the Outpost.',
    shared: [CONFIGURATION],
    sources: [
      page('What is Amazon S3 on Outposts?', 'AmazonS3/latest/s3-outposts/S3onOutposts.html'),
      page('Infrastructure security in AWS Outposts', 'outposts/latest/userguide/infrastructure-security.html'),
    ],
  },
  glacier: {
    name: 'Amazon Glacier',
    kind: 'abstracted',
    types: ['glacier_'],
    aws: 'the infrastructure, and encryption of every archive with keys that AWS keeps (AES-256); new customers are no longer taken.',
    customer: 'your archives, IAM permissions, vault access policies and vault locks, logging.',
    shared: [CONFIGURATION],
    sources: [
      page('Security in Amazon Glacier', 'amazonglacier/latest/dev/security.html'),
      page('Data Encryption (Amazon Glacier Developer Guide)', 'amazonglacier/latest/dev/DataEncryption.html'),
      page('Vault Access Policies', 'amazonglacier/latest/dev/vault-access-policy.html'),
    ],
  },
  efs: {
    name: 'Amazon EFS',
    kind: 'abstracted',
    types: ['EFS::', 'efs_'],
    aws: 'all of the file storage infrastructure: deploying, patching and maintaining it, and bearing the failure of disks, hosts and racks.',
    customer:
      'security groups of mount targets; the file system policy, without which every client that reaches one gets in; POSIX permissions, encryption when it is made (off by default in templates), TLS, backups.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'in one Availability Zone',
        when: [
          { types: ['AWS::EFS::FileSystem'], path: 'AvailabilityZoneName', present: true },
          { types: ['aws_efs_file_system'], path: 'availability_zone_name', values: ['*'] },
        ],
        shared: [
          {
            control: 'Availability',
            aws: 'keeps data redundant within one Availability Zone',
            customer: 'keep backups or a replica that outlive it',
          },
        ],
        sources: [EFS_DURABILITY],
      },
    ],
    movers: [
      {
        concern: 'outliving the loss of a zone',
        from: 'aws',
        to: 'shared',
        when: [
          { types: ['AWS::EFS::FileSystem'], path: 'AvailabilityZoneName', present: true },
          { types: ['aws_efs_file_system'], path: 'availability_zone_name', values: ['*'] },
        ],
        text: 'A One Zone file system keeps its data in a single Availability Zone: should the zone be lost, your backups or replica bring the data back.',
        rule: {
          id: 'moves-efs-one-zone',
          title: 'The file system lives in one Availability Zone',
          message: 'One Zone: AWS keeps the data in one Availability Zone, and what outlives the zone is yours to keep',
          description:
            'A Regional file system is stored redundantly in several Availability Zones; a One Zone file system costs less and may be lost with its zone. AWS backs One Zone file systems up by default: keep that on, or replicate, unless the data can be made anew. The type is fixed when the file system is made.',
        },
        sources: [EFS_DURABILITY],
      },
    ],
    sources: [
      page('What is Amazon Elastic File System?', 'efs/latest/ug/whatisefs.html'),
      page('Encrypting data at rest', 'efs/latest/ug/encryption-at-rest.html'),
      page('Using IAM to control access to file systems', 'efs/latest/ug/iam-access-control-nfs-efs.html'),
    ],
  },
  fsx: {
    name: 'Amazon FSx',
    kind: 'managed',
    types: ['FSx::', 'fsx_'],
    aws: 'file servers and disks, and routine patches of the Windows, Lustre, ONTAP or OpenZFS software that it manages, in the maintenance window.',
    customer:
      'security groups, the directory that users come from, shares, exports and file permissions, the key, how many backups are kept, one zone or several.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches the file server software',
        customer: 'choose the weekly window; patches put off for more than 14 days come anyway',
      },
      {
        control: 'Backup',
        aws: 'makes automatic backups where they are on',
        customer: 'choose how long they are kept',
      },
    ],
    movers: [
      {
        concern: 'durability of the data',
        from: 'aws',
        to: 'customer',
        when: [
          {
            types: ['AWS::FSx::FileSystem'],
            path: 'LustreConfiguration.DeploymentType',
            values: ['SCRATCH_1', 'SCRATCH_2'],
          },
          { types: ['aws_fsx_lustre_file_system'], path: 'deployment_type', values: ['SCRATCH_1', 'SCRATCH_2'] },
        ],
        text: 'AWS neither replicates the data of a scratch file system nor replaces its file servers: what must last, you keep elsewhere.',
        rule: {
          id: 'moves-fsx-scratch',
          title: 'The file system is scratch storage',
          message: 'Scratch storage: AWS replicates nothing and replaces no file server, so durability moves to you',
          description:
            'On a scratch file system data is not replicated and is lost with the file server that holds it. That is right for work that is short and can be run again, with the data kept in a linked S3 bucket. For longer work choose a persistent deployment type, which means a new file system.',
        },
        sources: [LUSTRE_DEPLOYMENT],
      },
    ],
    sources: [
      page('Administering FSx for Windows file systems', 'fsx/latest/WindowsGuide/administering-file-systems.html'),
      page('Amazon FSx for Lustre maintenance windows', 'fsx/latest/LustreGuide/maintenance-windows.html'),
      page(
        'Optimizing performance with Amazon FSx maintenance windows',
        'fsx/latest/ONTAPGuide/maintenance-windows.html',
      ),
      page('Modifying file system maintenance windows', 'fsx/latest/OpenZFSGuide/maintenance-windows.html'),
    ],
  },
  backup: {
    name: 'AWS Backup',
    kind: 'abstracted',
    types: ['Backup::', 'BackupGateway::', 'backup_'],
    aws: 'running the jobs of a plan and storing what it manages itself encrypted with the key of the vault; other backups keep the encryption of their source.',
    customer:
      'what plans cover, how long backups are kept, vault policies and locks, keys and the role that may use them, copies in other accounts and Regions, trying out restores.',
    shared: [
      {
        control: 'Backup',
        aws: 'makes and stores backups',
        customer: 'decide what, how often, how long, and test restores',
      },
    ],
    sources: [
      page('Security in AWS Backup', 'aws-backup/latest/devguide/security-considerations.html'),
      page('Encryption for backups in AWS Backup', 'aws-backup/latest/devguide/encryption.html'),
      page('Backup vaults', 'aws-backup/latest/devguide/vaults.html'),
    ],
  },
  datasync: {
    name: 'AWS DataSync',
    kind: 'managed',
    types: ['DataSync::', 'datasync_'],
    aws: 'the transfer service: TLS on the way into and between AWS services, and checks that what arrives is what was sent.',
    customer:
      'the hypervisor below agents and their network; credentials of locations, roles; encryption at rest in the storage on both ends.',
    shared: [
      {
        control: 'Patching',
        aws: 'updates the software and the operating system of agents by itself',
        customer: 'keep agents online, and maintain the host they run on',
      },
      CONFIGURATION,
    ],
    sources: [
      page('How AWS DataSync works', 'datasync/latest/userguide/how-datasync-transfer-works.html'),
      page('Managing your AWS DataSync agent', 'datasync/latest/userguide/managing-agent.html'),
      page('Data protection in AWS DataSync', 'datasync/latest/userguide/data-protection.html'),
    ],
  },
  transfer: {
    name: 'AWS Transfer Family',
    kind: 'managed',
    types: ['Transfer::', 'transfer_'],
    aws: 'the servers behind the endpoints of SFTP, FTPS, FTP and AS2, and the security policies that you can choose from.',
    customer:
      'protocols and the security policy, public or VPC endpoint, the identity provider, user keys, roles and home directories, certificates, the storage behind.',
    shared: [
      {
        control: 'Configuration',
        aws: 'publishes security policies with newer algorithms',
        customer: 'move servers and connectors to them: without one a template gets that of 2018-11',
      },
    ],
    sources: [
      page('Infrastructure security in AWS Transfer Family', 'transfer/latest/userguide/infrastructure-security.html'),
      page('Security policies for AWS Transfer Family servers', 'transfer/latest/userguide/security-policies.html'),
    ],
  },
  storagegateway: {
    name: 'AWS Storage Gateway',
    kind: 'managed',
    types: ['storagegateway_'],
    aws: 'the service in the Region and software of the gateway with its updates: security patches within 30 days, in the maintenance window.',
    customer:
      'the machine and hypervisor, appliance or instance that the gateway runs on, its ports and network, who may use shares, volumes and tapes, the keys.',
    shared: [
      {
        control: 'Patching',
        aws: 'releases gateway software and applies it in the window',
        customer: 'choose the window, leave maintenance updates on, keep the gateway online and maintain its host',
      },
    ],
    sources: [
      page('Managing gateway updates', 'storagegateway/latest/vgw/MaintenanceManagingUpdate-common.html'),
      page('Security in AWS Storage Gateway', 'storagegateway/latest/vgw/security.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
