/** Terraform configurations of a wanted size, the same in every run. */

const lines = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

/** One file of a system, as people cut them: `i` names its resources; `weight` as for templates, 1 is by hand. */
const KINDS: readonly ((i: number, weight: number) => string)[] = [
  (i, weight) => `resource "aws_s3_bucket" "part${i}" {
  bucket = "\${var.prefix}-bucket-${i}"
  tags   = merge(local.tags, {
${lines(weight, (n) => `    cost_centre_${n} = "value-${i}-${n}"`)}
  })
}

resource "aws_s3_bucket_public_access_block" "part${i}" {
  bucket                  = aws_s3_bucket.part${i}.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = ${i % 7 !== 0}
}
`,
  (i, weight) => `data "aws_iam_policy_document" "part${i}" {
${lines(
  weight,
  (n) => `  statement {
    sid       = "Read${n}"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.part${i}.arn, "\${aws_s3_bucket.part${i}.arn}/${n}/*"]
  }`,
)}
}

resource "aws_iam_role_policy" "part${i}" {
  role   = aws_iam_role.part${i}.id
  policy = data.aws_iam_policy_document.part${i}.json
}
`,
  (i, weight) => `resource "aws_iam_role" "part${i}" {
  name = "\${var.prefix}-role-${i}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })

  tags = {
${lines(weight, (n) => `    cost_centre_${n} = "value-${i}-${n}"`)}
  }
}
`,
  (i, weight) => `resource "aws_security_group" "part${i}" {
  name   = "\${var.prefix}-group-${i}"
  vpc_id = var.vpc

${lines(
  weight,
  (n) => `  ingress {
    from_port   = ${443 + n}
    to_port     = ${443 + n}
    protocol    = "tcp"
    cidr_blocks = ["${i % 40 === 3 ? '0.0.0.0/0' : '10.0.0.0/8'}"]
  }`,
)}
}
`,
  (i, weight) => `resource "aws_lambda_function" "part${i}" {
  function_name = "\${var.prefix}-function-${i}"
  role          = aws_iam_role.part${i}.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "part-${i}.zip"

  environment {
    variables = {
      BUCKET = aws_s3_bucket.part${i}.bucket
${lines(weight, (n) => `      SETTING_${n} = "value-${i}-${n}"`)}
    }
  }

  vpc_config {
    security_group_ids = [aws_security_group.part${i}.id]
    subnet_ids         = var.subnets
  }
}
`,
  (i, weight) => `resource "aws_db_instance" "part${i}" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  storage_encrypted   = ${i % 3 !== 0}
  publicly_accessible = false
  username            = var.database_user
  password            = var.password

  tags = {
${lines(weight, (n) => `    cost_centre_${n} = "value-${i}-${n}"`)}
  }
}
`,
  (i, weight) => `resource "aws_sqs_queue" "part${i}" {
  name                       = "\${var.prefix}-queue-${i}"
  visibility_timeout_seconds = 60
  sqs_managed_sse_enabled    = true
  tags = {
${lines(weight, (n) => `    cost_centre_${n} = "value-${i}-${n}"`)}
  }
}
`,
  (i) => `resource "aws_cloudwatch_log_group" "part${i}" {
  name              = "/shop/part-${i}"
  retention_in_days = 30
}
`,
];

/** What every configuration begins with, or has in a file of its own. */
export const VARIABLES = `variable "prefix" {
  default = "shop"
}

variable "vpc" {}

variable "subnets" {
  type = list(string)
}

variable "database_user" {
  default = "app"
}

variable "password" {
  sensitive = true
}

locals {
  tags = { team = "shop" }
}
`;

/** Blocks of a part: each refers to some of the others. */
export const PART_BLOCKS = KINDS.length;

/** So many blocks (of one or two resources), part by part. */
export function configuration(blocks: number, weight: number): string {
  return Array.from({ length: blocks }, (_, i) =>
    (KINDS[i % PART_BLOCKS] as (typeof KINDS)[number])(Math.floor(i / PART_BLOCKS), weight),
  ).join('\n');
}

/** One file of a module: a part of the system, about 100 lines. */
export function modulePart(i: number): string {
  return `# Part ${i}\n${KINDS.map((kind) => kind(i, 1)).join('\n')}`;
}
