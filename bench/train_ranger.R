# Fits a probability forest of ranger: `Rscript train_ranger.R <directory> <threads>`; prints what it took.
suppressMessages(library(ranger))
given <- commandArgs(trailingOnly = TRUE)
threads <- as.integer(given[2])
read <- function(name) {
  labels <- file.path(given[1], paste0(name, ".u8"))
  y <- as.integer(readBin(labels, "raw", file.size(labels)))
  X <- matrix(readBin(file.path(given[1], paste0(name, ".f64")), "double", 12 * length(y)), ncol = 12, byrow = TRUE)
  colnames(X) <- paste0("x", 0:11)
  list(X = X, y = factor(y))
}
train <- read("train")
# Ours has 32 draws in a leaf at least, so that it splits no node of fewer than 64. Before 0.15 ranger knows no least leaf (and passes over
# the argument in silence): no node of 64 draws or fewer is split then, and leaves may be smaller than 32.
knows_bucket <- packageVersion("ranger") >= "0.15.0"
least <- if (knows_bucket) list(min.bucket = 32) else list(min.node.size = 64)
start <- proc.time()
model <- do.call(ranger, c(least, list(
  x = train$X, y = train$y, num.trees = 100, probability = TRUE, num.threads = threads, seed = 7, oob.error = FALSE,
  verbose = FALSE
)))
took <- proc.time() - start
test <- read("test")
predicted <- predict(model, test$X, num.threads = threads)$predictions[, "1"]
path <- file.path(given[1], "peer-ranger.f64")
writeBin(as.double(predicted), path)
peak <- as.numeric(sub("\\D+(\\d+).*", "\\1", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
cat(sprintf(
  '{"name": "ranger %s, %s %d", "seconds": %f, "cpuSeconds": %f, "peakMb": %f, "predictions": "%s"}',
  packageVersion("ranger"), names(least), as.integer(least[[1]]), took[["elapsed"]], took[["user.self"]] + took[["sys.self"]], peak, path
))
