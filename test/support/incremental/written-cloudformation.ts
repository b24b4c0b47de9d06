/**
 * Templates of CloudFormation full of links: conditions, mappings, globals, anchors, loops, and resources that belong
 * together.
 */

export const LINKED_YAML = `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Stage: { Type: String, AllowedValues: [dev, prod], Default: dev }
  Open: { Type: String, Default: 0.0.0.0/0 }
  Password: { Type: String, Default: hunter2hunter2 }
  Encrypt:
    Type: String
    Default: 'false'
Mappings:
  Stages:
    dev: { Public: 'true', Days: 0 }
    prod: { Public: 'false', Days: 7 }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Never: !And [!Condition IsProd, !Condition IsDev]
Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: LogDeliveryWrite
  Data:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: !If [IsProd, Private, PublicRead]
      LoggingConfiguration: { DestinationBucketName: !Ref Logs }
      PublicAccessBlockConfiguration:
        BlockPublicAcls: !FindInMap [Stages, !Ref Stage, Public]
        BlockPublicPolicy: false
        IgnorePublicAcls: false
        RestrictPublicBuckets: false
  DataPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: !Sub '\${Data.Arn}/*' }
          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: [!GetAtt Data.Arn, !Sub '\${Data.Arn}/*']
            Condition: { Bool: { aws:SecureTransport: 'false' } }
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: false
      KeyPolicy:
        Statement: [{ Effect: Allow, Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }]
  Topic:
    Type: AWS::SNS::Topic
    Condition: IsDev
    Properties: { KmsMasterKeyId: !Ref Key }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement: [{ Effect: Allow, Principal: '*', Action: 'sns:Publish', Resource: !Ref Topic }]
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: !Ref Logs
      IsLogging: true
      SnsTopicName: !GetAtt Topic.TopicName
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true }
  Gateway: { Type: AWS::EC2::InternetGateway }
  Routes:
    Type: AWS::EC2::RouteTable
    Properties: { VpcId: !Ref Vpc }
  Route:
    Type: AWS::EC2::Route
    Properties: { RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway }
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { RouteTableId: !Ref Routes, SubnetId: !Ref Subnet }
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the database
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Open }
  Ingress:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: { GroupId: !Ref Group, IpProtocol: tcp, FromPort: 3389, ToPort: 3389, CidrIp: 0.0.0.0/0 }
  Instance:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-12345678
      SubnetId: !Ref Subnet
      SecurityGroupIds: [!Ref Group]
      IamInstanceProfile: !Ref Profile
      UserData: !Base64
        Fn::Sub: |
          #!/bin/bash
          export PASSWORD=\${Password}
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: { Roles: [!Ref Role] }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: 'sts:AssumeRole' }]
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: '*', Resource: '*' }]
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: ['iam:PassRole', 'lambda:CreateFunction'], Resource: '*' }
  Database:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    Properties:
      Engine: mysql
      DBInstanceClass: db.t3.micro
      MasterUsername: admin
      MasterUserPassword: !Ref Password
      StorageEncrypted: !Ref Encrypt
      VPCSecurityGroups: [!GetAtt Group.GroupId]
      DBParameterGroupName: !Ref DbParameters
      BackupRetentionPeriod: !FindInMap [Stages, !Ref Stage, Days]
      PubliclyAccessible: !If [IsProd, !Ref AWS::NoValue, true]
  DbParameters:
    Type: AWS::RDS::DBParameterGroup
    Properties: { Family: mysql8.0, Description: of the database, Parameters: { require_secure_transport: 0 } }
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: { Scheme: internet-facing, SecurityGroups: [!Ref Group], Subnets: [!Ref Subnet] }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }]
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Protocol: HTTP, Port: 80, VpcId: !Ref Vpc }
  # demarc-ignore lambda-dlq: nothing is lost
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt WorkRole.Arn
      Runtime: python3.8
      Handler: a.b
      Code: { ZipFile: 'x' }
      Environment: { Variables: { SECRET: !Ref Password } }
  WorkRole:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }]
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Work, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com }
Outputs:
  Password: { Value: !Ref Password }
  Bucket: { Value: !GetAtt Data.Arn }
`;

export const ANCHORS_YAML = `Resources:
  First: &bucket
    Type: AWS::S3::Bucket
    Properties: &settings
      AccessControl: PublicRead
      Tags: &tags [{ Key: a, Value: b }]
  Second: *bucket
  Third:
    <<: *bucket
    DeletionPolicy: Retain
  Fourth:
    Type: AWS::S3::Bucket
    Properties:
      <<: *settings
      AccessControl: Private
      Tags: *tags
  Policy: &policy
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref First
      PolicyDocument: &document
        Statement: &statements
          - Effect: Allow
            Principal: '*'
            Action: s3:GetObject
            Resource: '*'
  Other:
    Type: AWS::S3::BucketPolicy
    Properties: { Bucket: !Ref Fourth, PolicyDocument: *document }
  Queue:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument: { Statement: *statements }
  Jobs: { Type: AWS::SQS::Queue }
`;

export const FOR_EACH_YAML = `Transform: AWS::LanguageExtensions
Parameters:
  Names: { Type: CommaDelimitedList, Default: 'a,b' }
Mappings:
  Access:
    a: { Acl: PublicRead }
    b: { Acl: Private }
Resources:
  Logs: { Type: AWS::S3::Bucket }
  Fn::ForEach::Buckets:
    - Name
    - !Ref Names
    - Bucket\${Name}:
        Type: AWS::S3::Bucket
        Properties:
          AccessControl: !FindInMap [Access, !Ref Name, Acl]
          LoggingConfiguration: { DestinationBucketName: !Ref Logs }
  Fn::ForEach::Topics:
    - Id
    - [x, y]
    - Topic\${Id}:
        Type: AWS::SNS::Topic
        Properties: { KmsMasterKeyId: alias/aws/sns }
  Policy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topicx]
      PolicyDocument: { Statement: [{ Effect: Allow, Principal: '*', Action: 'sns:*', Resource: '*' }] }
`;

export const SAM_YAML = `Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs12.x
    Environment: { Variables: { API_PASSWORD: 'correct horse' } }
    VpcConfig: { SecurityGroupIds: [!Ref Group], SubnetIds: [!Ref Subnet] }
  Api: { TracingEnabled: false, MethodSettings: [{ LoggingLevel: INFO, HttpMethod: '*', ResourcePath: '/*' }] }
Parameters:
  Subnet: { Type: String }
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: g, SecurityGroupIngress: [{ IpProtocol: -1, CidrIp: 0.0.0.0/0 }] }
  One:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      CodeUri: src
      Policies: [AdministratorAccess, { S3CrudPolicy: { BucketName: !Ref Files } }]
      Events: { Get: { Type: Api, Properties: { Path: /, Method: get, RestApiId: !Ref Api } } }
  Two:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      FunctionUrlConfig: { AuthType: NONE }
  Api:
    Type: AWS::Serverless::Api
    Properties: { StageName: prod, Auth: { DefaultAuthorizer: AWS_IAM } }
  Files: { Type: AWS::S3::Bucket }
  Table: { Type: AWS::Serverless::SimpleTable }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }] }
`;

export const LINKED_JSON = JSON.stringify(
  {
    Parameters: {
      Acl: { Type: 'String', Default: 'PublicRead' },
      Token: { Type: 'String', Default: 'tok-1234567890' },
    },
    Conditions: { Far: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
    Mappings: { Ports: { ssh: { Port: 22 } } },
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { AccessControl: { Ref: 'Acl' } } },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'Bucket' },
          PolicyDocument: {
            Statement: [
              { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: { 'Fn::Sub': '${Bucket.Arn}/*' } },
            ],
          },
        },
      },
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Metadata: { Demarc: { Ignore: [{ Rule: 'sg-ingress-ssh-world', Reason: 'a lab' }] } },
        Properties: {
          GroupDescription: 'g',
          SecurityGroupIngress: [
            {
              IpProtocol: 'tcp',
              FromPort: { 'Fn::FindInMap': ['Ports', 'ssh', 'Port'] },
              ToPort: 22,
              CidrIp: '0.0.0.0/0',
            },
          ],
        },
      },
      Queue: { Type: 'AWS::SQS::Queue', Condition: 'Far', Properties: { SqsManagedSseEnabled: false } },
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }] },
        },
      },
      User: { Type: 'AWS::IAM::User', Properties: { Policies: [] } },
      Attached: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'p',
          Users: [{ Ref: 'User' }],
          PolicyDocument: { Statement: { Effect: 'Allow', Action: 'iam:*', Resource: '*' } },
        },
      },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [{ Image: 'x', Environment: [{ Name: 'TOKEN', Value: { Ref: 'Token' } }] }],
        },
      },
    },
    Outputs: { Token: { Value: { Ref: 'Token' } } },
  },
  null,
  2,
);

export const CONDITIONS_YAML = `Parameters:
  Stage: { Type: String, Default: dev }
  Region: { Type: String, AllowedValues: [a, b] }
Mappings:
  Sizes: { a: { Public: true }, b: { Public: false } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsOther: !Or [!Condition IsProd, !Equals [!Ref Region, a]]
  IsNeither: !Not [!Condition IsOther]
Resources:
  One:
    Type: AWS::RDS::DBInstance
    Condition: IsOther
    Properties:
      PubliclyAccessible: !If [IsProd, false, !If [IsNeither, true, false]]
      StorageEncrypted: !FindInMap [Sizes, !Ref Region, Public]
      VPCSecurityGroups: [!If [IsProd, !Ref Closed, !Ref Open]]
  Open:
    Type: AWS::EC2::SecurityGroup
    Condition: IsNeither
    Properties: { GroupDescription: o, SecurityGroupIngress: [{ IpProtocol: -1, CidrIp: 0.0.0.0/0 }] }
  Closed:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: c }
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Condition: IsProd
    Properties: { GroupId: !If [IsProd, !Ref Closed, !Ref Open], IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }
`;

export const SECRETS_YAML = `Parameters:
  Name: { Type: String, Default: hunter2hunter2 }
  Other: { Type: String, NoEcho: true, Default: hunter3hunter3 }
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: { MasterUserPassword: !Ref Name }
  Work:
    Type: AWS::Lambda::Function
    Properties: { Environment: { Variables: { A: !Ref Other, TOKEN: !Ref Name } } }
Outputs:
  One: { Value: !Ref Name }
  Two: { Value: !Sub 'x\${Other}' }
`;

export const BUCKETS_YAML = `Resources:
  Data: { Type: AWS::S3::Bucket, Properties: { AccessControl: PublicRead } }
  Logs: { Type: AWS::S3::Bucket }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: !Sub '\${Data.Arn}/*' }
          - { Effect: Deny, Principal: '*', Action: 's3:*', Resource: !GetAtt Data.Arn, Condition: { Bool: { 'aws:SecureTransport': false } } }
  Trail: { Type: AWS::CloudTrail::Trail, Properties: { IsLogging: true, S3BucketName: !Ref Logs } }
  Role:
    Type: AWS::IAM::Role
    Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }] } }
  Grants:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [!Ref Role]
      PolicyDocument: { Statement: [{ Effect: Allow, Action: ['s3:*', 'iam:PassRole'], Resource: [!GetAtt Data.Arn, '*'] }] }
  Work: { Type: AWS::Lambda::Function, Properties: { Role: !GetAtt Role.Arn } }
`;

/** Policies in strings that cannot be read, or not to their end. */
export const BROKEN_YAML = `Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Value: x }
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument: '{"Statement": [{"Effect": "Allow", "Principal": "*" "Action": "sqs:*", "Resource": "*"}]}'
  Lines:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref Secret
      ResourcePolicy: |
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
  Filled:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument: !Sub '{"Statement": [{"Effect": "Allow" "Principal": "*", "Resource": "\${Topic}"}]}'
  Deep:
    Type: AWS::IAM::ManagedPolicy
    Properties: { PolicyDocument: '{"Statement": ${'['.repeat(300)}${']'.repeat(300)}}' }
  Queue: { Type: AWS::SQS::Queue }
  Topic: { Type: AWS::SNS::Topic }
  Secret: { Type: AWS::SecretsManager::Secret }
`;
