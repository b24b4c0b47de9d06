/** Who does what in databases and caches: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility } from '../model.ts';
import { RELATIONAL } from './databases-relational.ts';

const NEPTUNE_UPDATES = page(
  'Managing engine updates to your Neptune DB cluster',
  'neptune/latest/userguide/engine-maintenance-management.html',
);
const SERVICE_UPDATES = page('Service updates in ElastiCache', 'AmazonElastiCache/latest/dg/Self-Service-Updates.html');

export const DATABASES = {
  ...RELATIONAL,
  dynamodb: {
    name: 'Amazon DynamoDB',
    kind: 'abstracted',
    types: ['DynamoDB::', 'Serverless::SimpleTable', 'dynamodb_'],
    aws: 'guest operating system and database patching, firewall configuration, disaster recovery; user data is always encrypted at rest.',
    customer: 'IAM and resource policies, the kind of key, point-in-time recovery, deletion protection.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Configuration and vulnerability analysis in Amazon DynamoDB',
        'amazondynamodb/latest/developerguide/configuration-vulnerability.html',
      ),
      page('DynamoDB encryption at rest', 'amazondynamodb/latest/developerguide/EncryptionAtRest.html'),
    ],
  },
  dax: {
    name: 'Amazon DynamoDB Accelerator (DAX)',
    kind: 'managed',
    types: ['DAX::', 'dax_'],
    aws: 'the hosts of the nodes, failover to a replica, and upgrades and patches of the cache software, which it applies in the weekly maintenance window.',
    customer:
      'subnets and security groups, encryption at rest and in transit when the cluster is made, the role through which DAX reads your tables, three nodes or more in different zones.',
    shared: [
      { control: 'Patching', aws: 'patches the nodes in the maintenance window', customer: 'choose the window' },
      {
        control: 'Availability',
        aws: 'fails over to a read replica',
        customer: 'spread nodes over Availability Zones',
      },
    ],
    sources: [
      page('Deploying a cluster', 'amazondynamodb/latest/developerguide/dax-deploy-cluster.html'),
      page('DAX cluster components', 'amazondynamodb/latest/developerguide/DAX.concepts.cluster.html'),
    ],
  },
  docdb: {
    name: 'Amazon DocumentDB',
    kind: 'managed',
    types: ['DocDB::', 'DocDBElastic::', 'docdb_', 'docdbelastic_'],
    aws: 'hosts and storage, and required fixes of engine and operating system, which are applied by themselves in the maintenance window.',
    customer:
      'security groups, encryption when the cluster is made, TLS and audit logs, database users, optional patches, upgrades to new minor and major versions.',
    shared: [
      {
        control: 'Patching',
        aws: 'applies required patches in the window, about 30 days after notice',
        customer: 'choose the window, apply optional patches and minor versions, leave versions before support ends',
      },
    ],
    situations: [
      {
        label: 'as an elastic cluster',
        when: [{ types: ['AWS::DocDBElastic::Cluster', 'aws_docdbelastic_cluster'] }],
        aws: 'shards and hosts, engine patches in the maintenance window, and operating system updates once they are required.',
        customer:
          'security groups, the admin user and its password, the kind of key, operating system updates as long as they are optional, the window.',
        sources: [
          page(
            'Maintaining Amazon DocumentDB elastic clusters',
            'documentdb/latest/devguide/elastic-cluster-maintenance.html',
          ),
        ],
      },
    ],
    movers: [
      {
        concern: 'the master password',
        from: 'customer',
        to: 'aws',
        when: [
          { types: ['AWS::DocDB::DBCluster'], path: 'ManageMasterUserPassword', values: ['true'] },
          { types: ['aws_docdb_cluster'], path: 'manage_master_user_password', values: ['true'] },
        ],
        text: 'DocumentDB generates the master password, keeps it in Secrets Manager and rotates it every seven days.',
        sources: [
          page(
            'Password management with Amazon DocumentDB and AWS Secrets Manager',
            'documentdb/latest/devguide/docdb-secrets-manager.html',
          ),
        ],
      },
    ],
    sources: [
      page('Maintaining Amazon DocumentDB', 'documentdb/latest/devguide/db-instance-maintain.html'),
      page(
        'Responsibilities (Amazon DocumentDB Extended Support)',
        'documentdb/latest/devguide/support-responsibilities.html',
      ),
    ],
  },
  neptune: {
    name: 'Amazon Neptune',
    kind: 'managed',
    types: ['Neptune::', 'neptune_'],
    aws: 'hardware, which it replaces in the background, and releases of the engine and the operating system of the instances.',
    customer:
      'security groups and public endpoints, encryption when the cluster is made, IAM authentication, audit logs, completing operating system updates, testing engine upgrades.',
    shared: [
      {
        control: 'Patching',
        aws: 'releases and applies updates in the maintenance window',
        customer: 'choose the window, whether minor upgrades come by themselves, and when major ones do',
      },
    ],
    movers: [
      {
        concern: 'minor engine upgrades',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::Neptune::DBInstance'], path: 'AutoMinorVersionUpgrade', values: ['false'] },
          { types: ['aws_neptune_cluster_instance'], path: 'auto_minor_version_upgrade', values: ['false'] },
        ],
        text: 'With it off on the writer, new minor versions of the engine wait until you upgrade; patch releases still come in the window.',
        rule: 'neptune-minor-upgrade',
        sources: [NEPTUNE_UPDATES],
      },
    ],
    sources: [
      page('Maintaining your Amazon Neptune DB Cluster', 'neptune/latest/userguide/cluster-maintenance.html'),
      NEPTUNE_UPDATES,
    ],
  },
  'neptune-analytics': {
    name: 'Amazon Neptune Analytics',
    kind: 'managed',
    types: ['NeptuneGraph::', 'neptunegraph_'],
    aws: 'hosts, operating system and engine: it patches them by itself, without a window and without any action of yours; it also backs graphs up continuously.',
    customer:
      'whether the graph has a public endpoint, IAM permissions, the kind of key, deletion protection, replicas, and clients that bear short interruptions.',
    shared: [CONFIGURATION],
    sources: [
      page('Maintaining a Neptune Analytics graph', 'neptune-analytics/latest/userguide/managing-maintaining.html'),
      page('Managing your Neptune Analytics graphs', 'neptune-analytics/latest/userguide/managing.html'),
    ],
  },
  elasticache: {
    name: 'Amazon ElastiCache',
    kind: 'managed',
    types: ['ElastiCache::', 'elasticache_'],
    aws: 'hosts and service updates: transparently for serverless caches, and for clusters of nodes the critical security updates in the maintenance window.',
    customer:
      'security groups, encryption in transit and at rest, authentication and users, backups, and for clusters of nodes all updates that are not critical.',
    shared: [
      {
        control: 'Patching',
        aws: 'monitors the fleet and applies critical security updates',
        customer: 'choose the window and apply self-service updates of node-based clusters',
      },
    ],
    situations: [
      {
        label: 'serverless',
        kind: 'abstracted',
        when: [{ types: ['AWS::ElastiCache::ServerlessCache', 'aws_elasticache_serverless_cache'] }],
        aws: 'hosts, capacity and every service update, minor version and patch, applied transparently; data redundantly in several Availability Zones.',
        customer:
          'security groups and subnets, users and their access, the kind of key, snapshots, when to move to a new major version of the engine.',
        shared: [
          {
            control: 'Patching',
            aws: 'applies minor versions and patches',
            customer: 'choose when a new major version comes',
          },
        ],
        sources: [
          page('Version Management for ElastiCache', 'AmazonElastiCache/latest/dg/VersionManagement.html'),
          SERVICE_UPDATES,
        ],
      },
      {
        label: 'as a cluster of nodes',
        when: [
          {
            types: [
              'AWS::ElastiCache::CacheCluster',
              'AWS::ElastiCache::ReplicationGroup',
              'aws_elasticache_cluster',
              'aws_elasticache_replication_group',
            ],
          },
        ],
        aws: 'hosts, new versions of the engine, and critical security updates, which are applied in the maintenance window.',
        customer:
          'security groups, encryption in transit and at rest, authentication and users, backups, replicas in other zones, when self-service updates are applied.',
      },
    ],
    movers: [
      {
        concern: 'minor engine upgrades',
        from: 'aws',
        to: 'shared',
        when: [
          {
            types: ['AWS::ElastiCache::CacheCluster', 'AWS::ElastiCache::ReplicationGroup'],
            path: 'AutoMinorVersionUpgrade',
            values: ['false'],
          },
          {
            types: ['aws_elasticache_cluster', 'aws_elasticache_replication_group'],
            path: 'auto_minor_version_upgrade',
            values: ['false'],
          },
        ],
        text: 'With automatic minor upgrades off, new minor versions of the engine wait for you; critical security updates still come in the window.',
        rule: 'elasticache-misc',
        sources: [
          SERVICE_UPDATES,
          page(
            'ModifyReplicationGroup (ElastiCache API Reference)',
            'AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html',
          ),
        ],
      },
    ],
    sources: [SERVICE_UPDATES],
  },
  memorydb: {
    name: 'Amazon MemoryDB',
    kind: 'managed',
    types: ['MemoryDB::', 'memorydb_'],
    aws: 'hosts and the service updates it offers, which it applies in the maintenance window that you set up.',
    customer:
      'security groups and subnets, TLS, access control lists and users, the kind of key, snapshots, when and which service updates are applied ahead of the window.',
    shared: [
      {
        control: 'Patching',
        aws: 'offers service updates and applies them in the window',
        customer: 'choose the window, and apply updates at once where you must',
      },
    ],
    movers: [
      {
        concern: 'minor engine upgrades',
        from: 'aws',
        to: 'customer',
        when: [
          { types: ['AWS::MemoryDB::Cluster'], path: 'AutoMinorVersionUpgrade', values: ['false'] },
          { types: ['aws_memorydb_cluster'], path: 'auto_minor_version_upgrade', values: ['false'] },
        ],
        text: 'With automatic minor upgrades off, new minor versions of the engine wait until you upgrade.',
        rule: {
          id: 'moves-memorydb-minor-upgrade',
          title: 'Minor version upgrades of MemoryDB are switched off',
          message: 'Automatic minor upgrades are off: bringing in minor versions of the engine moves from AWS to you',
          description:
            'A cluster receives minor versions of its engine by itself unless that is switched off. Without it, their fixes wait until someone upgrades the cluster. Leave the property out, or set it to true; where versions must be tested first, plan the upgrades yourself.',
          back: {
            set: true,
            safe: false,
            note: 'Terraform replaces the cluster, whose data goes with it unless a snapshot is restored',
          },
        },
        sources: [
          page('Cluster (MemoryDB API Reference)', 'memorydb/latest/APIReference/API_Cluster.html'),
          page('Service updates in MemoryDB', 'memorydb/latest/devguide/service-updates.html'),
        ],
      },
    ],
    sources: [page('Service updates in MemoryDB', 'memorydb/latest/devguide/service-updates.html')],
  },
  opensearch: {
    name: 'Amazon OpenSearch Service',
    kind: 'managed',
    types: ['OpenSearchService::', 'Elasticsearch::', 'opensearch_', 'elasticsearch_'],
    aws: 'the hosts and the service software: it installs required updates by blue/green deployment if you do nothing.',
    customer:
      'the access policy, fine-grained access control, encryption between nodes, at rest and over HTTPS, optional updates, upgrades of the engine, a domain healthy enough to be updated.',
    shared: [
      {
        control: 'Patching',
        aws: 'schedules required service software updates',
        customer:
          'apply optional ones, and required ones in time where they fail: a domain without them is cut off, and 60 days later deleted',
      },
    ],
    movers: [
      {
        concern: 'optional service software updates',
        from: 'customer',
        to: 'aws',
        when: [
          {
            types: ['AWS::OpenSearchService::Domain'],
            path: 'SoftwareUpdateOptions.AutoSoftwareUpdateEnabled',
            values: ['true'],
          },
          {
            types: ['aws_opensearch_domain'],
            path: 'software_update_options.auto_software_update_enabled',
            values: ['true'],
          },
        ],
        text: 'AWS applies optional service software updates by itself in the off-peak window.',
        sources: [
          page(
            'Service software updates in Amazon OpenSearch Service',
            'opensearch-service/latest/developerguide/service-software.html',
          ),
        ],
      },
    ],
    sources: [
      page(
        'Service software updates in Amazon OpenSearch Service',
        'opensearch-service/latest/developerguide/service-software.html',
      ),
      page(
        'Defining off-peak windows for Amazon OpenSearch Service',
        'opensearch-service/latest/developerguide/off-peak.html',
      ),
    ],
  },
  'opensearch-serverless': {
    name: 'Amazon OpenSearch Serverless',
    kind: 'abstracted',
    types: ['OpenSearchServerless::', 'opensearchserverless_'],
    aws: 'hosts, capacity and storage, always encrypted; TLS; new versions of OpenSearch are rolled out to collections by themselves.',
    customer:
      'the network policy that makes a collection public or private, data access policies, the key in the encryption policy, clients that work with the version.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'What is Amazon OpenSearch Serverless?',
        'opensearch-service/latest/developerguide/serverless-overview.html',
      ),
      page(
        'Overview of security in Amazon OpenSearch Serverless',
        'opensearch-service/latest/developerguide/serverless-security.html',
      ),
    ],
  },
  'opensearch-ingestion': {
    name: 'Amazon OpenSearch Ingestion',
    kind: 'abstracted',
    types: ['OSIS::', 'osis_'],
    aws: 'servers, scaling and software of the pipelines, with security patches: nothing to provision or patch.',
    customer:
      'the pipeline and the major version of Data Prepper that it names, its role, who may send to it and from which network, the key of a persistent buffer.',
    shared: [CONFIGURATION],
    sources: [
      page('Overview of Amazon OpenSearch Ingestion', 'opensearch-service/latest/developerguide/ingestion.html'),
      page(
        'Updating Amazon OpenSearch Ingestion pipelines',
        'opensearch-service/latest/developerguide/update-pipeline.html',
      ),
    ],
  },
  cloudsearch: {
    name: 'Amazon CloudSearch',
    kind: 'managed',
    types: ['cloudsearch_'],
    aws: 'provisioning, setup and maintenance of the search instances, which it adds and removes as load changes; new customers are no longer taken.',
    customer:
      'access policies, whether HTTPS is required and which TLS version at least, anonymous access to the endpoints, what is indexed.',
    shared: [CONFIGURATION],
    sources: [
      page('What Is Amazon CloudSearch?', 'cloudsearch/latest/developerguide/what-is-cloudsearch.html'),
      page(
        'Configuring Domain Endpoint Options in Amazon CloudSearch',
        'cloudsearch/latest/developerguide/configuring-domain-endpoint-options.html',
      ),
    ],
  },
  keyspaces: {
    name: 'Amazon Keyspaces',
    kind: 'abstracted',
    types: ['Cassandra::', 'keyspaces_'],
    aws: 'guest operating system and database patching, firewall configuration, disaster recovery; clients must use TLS.',
    customer:
      'IAM policies and service-specific credentials, VPC endpoints and their policies, the kind of key, point-in-time recovery.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Configuration and vulnerability analysis for Amazon Keyspaces',
        'keyspaces/latest/devguide/configuration-vulnerability.html',
      ),
      page('Infrastructure security in Amazon Keyspaces', 'keyspaces/latest/devguide/infrastructure-security.html'),
    ],
  },
  timestream: {
    name: 'Amazon Timestream for LiveAnalytics',
    kind: 'abstracted',
    types: ['Timestream::', 'timestreamwrite_', 'timestreamquery_'],
    aws: 'the infrastructure, TLS in transit, and encryption at rest, which cannot be switched off; no new customers since 2025-06-20.',
    customer: 'your data and its retention, IAM permissions and credentials, a key of your own where you need one.',
    shared: [CONFIGURATION],
    sources: [
      page('Data protection in Timestream for LiveAnalytics', 'timestream/latest/developerguide/data-protection.html'),
      page('Encryption at rest', 'timestream/latest/developerguide/EncryptionAtRest.html'),
      page(
        'Amazon Timestream for LiveAnalytics availability change',
        'timestream/latest/developerguide/AmazonTimestreamForLiveAnalytics-availability-change.html',
      ),
    ],
  },
  'timestream-influxdb': {
    name: 'Amazon Timestream for InfluxDB',
    kind: 'managed',
    types: ['Timestream::InfluxDB', 'timestreaminfluxdb_'],
    aws: 'hardware, operating system and engine: maintenance and required patches of security and reliability, in the maintenance window.',
    customer:
      'public access and security groups, the first user and its password, tokens and users inside InfluxDB, the deployment in one zone or several, logs.',
    shared: [
      {
        control: 'Patching',
        aws: 'patches operating system and engine',
        customer: 'choose the window; what is deferred beyond 25 days may come outside it',
      },
    ],
    sources: [
      page(
        'Maintenance windows',
        'timestream/latest/developerguide/timestream-for-influx-managing-maintaining-db.html',
      ),
    ],
  },
  qldb: {
    name: 'Amazon QLDB',
    kind: 'abstracted',
    types: ['QLDB::', 'qldb_'],
    aws: 'the service and its network security, over HTTPS only, until its support ended on 2025-07-31.',
    customer: 'moving ledgers to another database, IAM permissions, the kind of key, deletion protection.',
    shared: [CONFIGURATION],
    sources: [
      page('Release history for Amazon QLDB', 'qldb/latest/developerguide/document-history.html'),
      page('Infrastructure security in Amazon QLDB', 'qldb/latest/developerguide/infrastructure-security.html'),
    ],
  },
  simpledb: {
    name: 'Amazon SimpleDB',
    kind: 'abstracted',
    types: ['SDB::', 'simpledb_'],
    aws: 'provisioning, hardware and software, storing items redundantly on several servers and data centers, indexing them.',
    customer: 'your data, IAM permissions and credentials.',
    shared: [CONFIGURATION],
    sources: [page('Introduction to Amazon SimpleDB', 'AmazonSimpleDB/latest/DeveloperGuide/Introduction.html')],
  },
  managedblockchain: {
    name: 'Amazon Managed Blockchain',
    kind: 'managed',
    types: ['ManagedBlockchain::'],
    aws: 'the hosts of members and nodes, in Fabric networks also the ordering service; all data at rest is encrypted; the service ends on 2027-09-29.',
    customer:
      'moving off it; who may call nodes; in Fabric networks who is invited and admitted by vote, the admin user of your member, its kind of key, chaincode, the VPC endpoint.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Key Concepts: Amazon Managed Blockchain (AMB) Networks, Members, and Peer Nodes',
        'managed-blockchain/latest/hyperledger-fabric-dev/network-components.html',
      ),
      page(
        'Encryption at Rest for AMB Access Hyperledger Fabric',
        'managed-blockchain/latest/hyperledger-fabric-dev/managed-blockchain-encryption-at-rest.html',
      ),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
