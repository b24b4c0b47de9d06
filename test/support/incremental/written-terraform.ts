/** Modules of Terraform full of links: variables, locals, calls, overrides, and resources that belong together. */

export const MAIN_TF = `terraform {
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

export const IAM_TF = `resource "aws_iam_role" "work" {
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

export const VARIABLES_TF = `variable "stage" {
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

export const QUEUE_TF = `variable "encrypted" {
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

export const MAIN_TF_JSON = JSON.stringify(
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

export const SMALL_TF = `variable "open" {
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

export const POLICY = {
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

export const POLICY_YAML = `Version: '2012-10-17'
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

/** Policies in strings that cannot be read. */
export const BROKEN_TF = `resource "aws_ssm_parameter" "first" {
  value = "x"
}

resource "aws_sqs_queue_policy" "lines" {
  queue_url = aws_sqs_queue.q.id
  policy    = <<EOT
{"Statement": [{"Effect": "Allow", "Principal": "*" "Action": "sqs:*", "Resource": "\${aws_sqs_queue.q.arn}"}]}
EOT
}

resource "aws_sns_topic_policy" "quoted" {
  arn    = "t"
  policy = "{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Principal\\": \\"*\\" \\"Action\\": \\"sns:*\\"}]}"
}

resource "aws_sqs_queue" "q" {
}
`;
