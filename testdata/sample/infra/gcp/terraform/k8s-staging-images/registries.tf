locals {
  // The groups have to be created before applying this
  registries = {
    gadget = "group:k8s-infra-staging-gadget@kubernetes.io"
  }
}
