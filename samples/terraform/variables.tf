variable "stage" {
  type    = string
  default = "dev"
}

variable "public_reports" {
  type    = bool
  default = false
}

variable "vpc_id" {
  type = string
}

variable "office_cidr" {
  type = string
}

variable "account_id" {
  type = string
}
