/** Templates full of links between their resources: what one says is decided by another, or by what is declared at the top. */

const LINKED_YAML = `AWSTemplateFormatVersion: '2010-09-09'
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

const ANCHORS_YAML = `Resources:
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

const FOR_EACH_YAML = `Transform: AWS::LanguageExtensions
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

const SAM_YAML = `Transform: AWS::Serverless-2016-10-31
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

const LINKED_JSON = JSON.stringify(
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

const MAIN_TF = `terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}

locals {
  open  = ["0.0.0.0/0"]
  name  = "data-\${var.stage}"
  block = var.stage == "prod"
  tags  = { team = "a" }
}

resource "aws_s3_bucket" "data" {
  bucket = local.name
  tags   = local.tags
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = local.block
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = data.aws_iam_policy_document.data.json
}

data "aws_iam_policy_document" "data" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["\${aws_s3_bucket.data.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  count  = var.encrypt ? 1 : 0
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_kms_key" "data" {
  enable_key_rotation = var.encrypt
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = local.open
    }
  }
}

# checkov:skip=CKV_AWS_24:a lab
resource "aws_security_group_rule" "ssh" {
  type              = "ingress"
  security_group_id = aws_security_group.web.id
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = local.open
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_flow_log" "main" {
  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  log_destination = aws_s3_bucket.data.arn
}

module "queue" {
  source    = "./queue"
  encrypted = var.encrypt
  key       = aws_kms_key.data.id
}

module "copies" {
  source    = "./queue"
  for_each  = toset(["a", "b"])
  encrypted = each.key == "a"
}

output "queue" {
  value = module.queue.arn
}

output "password" {
  value = var.password
}
`;

const IAM_TF = `resource "aws_iam_role" "work" {
  name               = "work"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "work" {
  role   = aws_iam_role.work.id
  policy = <<EOT
{
  "Version": "2012-10-17",
  "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": "\${aws_s3_bucket.data.arn}" }]
}
EOT
}

resource "aws_iam_role_policy_attachment" "work" {
  role       = aws_iam_role.work.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_lambda_function" "work" {
  function_name = "work"
  role          = aws_iam_role.work.arn
  runtime       = "python3.8"
  environment {
    variables = { PASSWORD = var.password, URL = module.queue.arn }
  }
}

resource "aws_db_instance" "main" {
  engine               = "postgres"
  password             = var.password
  storage_encrypted    = var.encrypt
  kms_key_id           = aws_kms_key.data.arn
  parameter_group_name = aws_db_parameter_group.main.name
}

resource "aws_db_parameter_group" "main" {
  family = "postgres14"
  parameter {
    name  = "rds.force_ssl"
    value = 0
  }
}
`;

const VARIABLES_TF = `variable "stage" {
  default = "dev"
}

variable "encrypt" {
  type    = bool
  default = false
}

variable "password" {
  default = "hunter2hunter2"
}

variable "ports" {
  default = [22, 80]
}
`;

const QUEUE_TF = `variable "encrypted" {
  default = false
}

variable "key" {
  default = null
}

resource "aws_sqs_queue" "this" {
  sqs_managed_sse_enabled = var.encrypted
  kms_master_key_id       = var.key
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id
  policy    = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = aws_sqs_queue.this.arn }]
  })
}

output "arn" {
  value = aws_sqs_queue.this.arn
}
`;

const MAIN_TF_JSON = JSON.stringify(
  {
    variable: { acl: { default: 'public-read' }, encrypt: { default: false } },
    locals: { name: 'x-${var.acl}' },
    resource: {
      aws_s3_bucket: { a: { bucket: '${local.name}' }, b: { '//': 'demarc-ignore s3-versioning: a lab' } },
      aws_s3_bucket_acl: { a: { bucket: '${aws_s3_bucket.a.id}', acl: '${var.acl}' } },
      aws_s3_bucket_public_access_block: {
        a: { bucket: '${aws_s3_bucket.a.id}', block_public_acls: '${var.encrypt}', ignore_public_acls: true },
      },
      aws_ebs_volume: { v: { encrypted: '${var.encrypt}', availability_zone: 'a', size: 1 } },
      aws_sns_topic_policy: {
        t: {
          arn: '${aws_sns_topic.t.arn}',
          policy:
            '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:*", "Resource": "${aws_sns_topic.t.arn}"}]}',
        },
      },
      aws_sns_topic: { t: { kms_master_key_id: '${aws_kms_key.k.id}' } },
      aws_kms_key: { k: { enable_key_rotation: '${var.encrypt}' } },
    },
    output: { name: { value: '${local.name}' } },
  },
  null,
  2,
);

const POLICY = {
  Version: '2012-10-17',
  Statement: [
    { Sid: 'A', Effect: 'Allow', Action: ['s3:*', 'iam:PassRole'], Resource: '*' },
    { Sid: 'B', Effect: 'Allow', Action: 'lambda:CreateFunction', Resource: '*' },
    {
      Sid: 'C',
      Effect: 'Deny',
      Action: 's3:DeleteBucket',
      Resource: 'arn:aws:s3:::x',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    { Sid: 'A', Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
  ],
};

const POLICY_YAML = `Version: '2012-10-17'
Statement:
  - Sid: A
    Effect: Allow
    Principal: { AWS: '*' }
    Action: [s3:GetObject, s3:GetObjekt]
    Resource: arn:aws:s3:::x/*
  - Sid: B
    Effect: Allow
    Action: iam:*
    Resource: '*'
`;

const CONDITIONS_YAML = `Parameters:
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

const SECRETS_YAML = `Parameters:
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

const BUCKETS_YAML = `Resources:
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

const SMALL_TF = `variable "open" {
  default = true
}

locals {
  cidr = var.open ? "0.0.0.0/0" : "10.0.0.0/8"
  key  = null
}

resource "aws_security_group" "web" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [local.cidr]
  }
}

resource "aws_instance" "web" {
  count                  = var.open ? 1 : 0
  vpc_security_group_ids = [aws_security_group.web.id]
}

resource "aws_s3_bucket" "data" {
}

resource "aws_s3_bucket_acl" "data" {
  bucket = aws_s3_bucket.data.id
  acl    = var.open ? "public-read" : "private"
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket             = aws_s3_bucket.data.id
  block_public_acls  = !var.open
  ignore_public_acls = true
}

resource "aws_sns_topic" "t" {
  kms_master_key_id = local.key
}
`;

/** By name of the target: files by path from the module at the root. */
export const WRITTEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'linked yaml': { 'linked.yaml': LINKED_YAML },
  'conditions yaml': { 'conditions.yaml': CONDITIONS_YAML },
  'secrets yaml': { 'secrets.yaml': SECRETS_YAML },
  'buckets yaml': { 'buckets.yaml': BUCKETS_YAML },
  'small hcl': { 'small.tf': SMALL_TF },
  'anchors yaml': { 'anchors.yaml': ANCHORS_YAML },
  'foreach yaml': { 'foreach.yaml': FOR_EACH_YAML },
  'sam yaml': { 'sam.yaml': SAM_YAML },
  'crlf yaml': { 'crlf.yaml': LINKED_YAML.slice(0, LINKED_YAML.indexOf('  Vpc:')).replaceAll('\n', '\r\n') },
  'linked json': { 'linked.json': LINKED_JSON },
  'one line json': { 'line.json': JSON.stringify(JSON.parse(LINKED_JSON)) },
  'linked hcl': { 'main.tf': `${MAIN_TF}\n${IAM_TF}\n${VARIABLES_TF}` },
  'module hcl': {
    'main.tf': MAIN_TF,
    'iam.tf': IAM_TF,
    'variables.tf': VARIABLES_TF,
    'main_override.tf': 'resource "aws_kms_key" "data" {\n  deletion_window_in_days = 7\n}\n',
    'terraform.tfvars': 'stage = "prod"\nports = [443]\n',
    'queue/main.tf': QUEUE_TF,
  },
  'linked terraform json': { 'main.tf.json': MAIN_TF_JSON },
  'mixed terraform json hcl module': { 'main.tf.json': MAIN_TF_JSON, 'other.tf': `${QUEUE_TF}\n${IAM_TF}` },
  'policy json': { 'policy.json': JSON.stringify(POLICY, null, 2) },
  'policy yaml': { 'policy.yaml': POLICY_YAML },
};
