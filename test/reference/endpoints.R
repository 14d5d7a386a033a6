# Endpoints made of dated events: who is in them, time and status of each, curves and Cox model, for events of R's myeloid and
# cgd data. The follow-up of each patient is cut into spans by survival::tmerge, and the spans after the start put together again.
# Run from the project's top folder:  Rscript test/reference/endpoints.R
suppressMessages({library(survival); library(jsonlite)})

# One row a patient: time since the start, status (1 event, 2 competing, 0 censored), entry; NA where not in the endpoint.
derive <- function(base, events, from, to, competing = character(), censoring = character()) {
  spans <- tmerge(base[c("id", "group")], base, id = id, end = event(futime))
  for (role in list(list("event", to), list("competing", competing), list("censoring", censoring))) {
    own <- events[events$kind %in% role[[2]], ]
    spans[[role[[1]]]] <- 0
    if (nrow(own) > 0) {
      names(own)[names(own) == "time"] <- "at"
      spans[[role[[1]]]] <- NULL
      spans <- switch(role[[1]],
        event = tmerge(spans, own, id = id, event = event(at)),
        competing = tmerge(spans, own, id = id, competing = event(at)),
        censoring = tmerge(spans, own, id = id, censoring = event(at)))
    }
  }
  if (from$which == "zero") start <- setNames(rep(0, nrow(base)), base$id)
  else {
    own <- events[events$kind == from$kind, ]
    start <- tapply(own$time, own$id, if (from$which == "first") min else max)
    begun <- data.frame(id = as.numeric(names(start)), at = as.vector(start))
    spans <- tmerge(spans, begun, id = id, started = tdc(at))
    spans <- spans[spans$started == 1, ]
  }
  spans <- spans[order(spans$id, spans$tstart), ]
  found <- do.call(rbind, lapply(split(spans, spans$id), function(s) {
    last <- which(s$event == 1 | s$competing == 1 | s$censoring == 1 | s$end == 1)[1]
    status <- if (s$event[last] == 1) 1 else if (s$competing[last] == 1) 2 else 0
    data.frame(id = s$id[1], start = s$tstart[1], stop = s$tstop[last], status = status)
  }))
  found <- found[match(base$id, found$id), ]
  late <- pmax(0, base$entry - found$start)
  time <- found$stop - found$start
  out <- is.na(time) | (base$late & time <= late)
  data.frame(time = ifelse(out, NA, time), status = ifelse(out, NA, found$status), entry = ifelse(out, NA, late))
}

# The log-rank test with late entry, which survdiff refuses: observed less expected over the hypergeometric variance.
log_rank <- function(d) {
  own <- d$group == sort(unique(d$group))[1]
  parts <- sapply(sort(unique(d$time[d$status == 1])), function(t) {
    risk <- d$entry < t & d$time >= t
    died <- d$time == t & d$status == 1
    n <- sum(risk); m <- sum(risk & own); k <- sum(died)
    c(sum(died & own) - k * m / n, if (n > 1) k * m * (n - m) * (n - k) / (n^2 * (n - 1)) else 0)
  })
  sum(parts[1, ])^2 / sum(parts[2, ])
}

answer <- function(name, definition, base, events, ...) {
  d <- cbind(derive(base, events, ...), group = base$group)
  outcome <- if (any(base$late)) Surv(d$entry, d$time, d$status == 1) else Surv(d$time, d$status == 1)
  fit <- survfit(outcome ~ group, data = d, conf.type = "log-log")
  cox <- coxph(outcome ~ group, data = d, control = coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15))
  test <- if (any(base$late)) log_rank(d[!is.na(d$time), ]) else survdiff(outcome ~ group, data = d)$chisq
  middle <- quantile(fit, 0.5)
  list(name = name, definition = definition, time = d$time, status = d$status, entry = d$entry,
       n = as.vector(rowsum(as.numeric(!is.na(d$time)), d$group)), events = as.vector(rowsum(as.numeric(d$status %in% 1), d$group)),
       median = as.vector(middle$quantile), lower = as.vector(middle$lower), upper = as.vector(middle$upper),
       chiSquare = test, hazardRatio = exp(coef(cox))[[1]],
       hazardLower = exp(confint(cox))[[1]], hazardUpper = exp(confint(cox))[[2]])
}

long <- function(kind, d, time) {
  d <- d[!is.na(d[[time]]), ]
  data.frame(id = d$id, kind = kind, time = d[[time]])
}
zero <- list(which = "zero")
first <- function(kind) list(which = "first", kind = kind)
last <- function(kind) list(which = "last", kind = kind)

leukaemia <- data.frame(id = myeloid$id, futime = myeloid$futime, death = myeloid$death, group = myeloid$trt,
                        entry = 0, late = FALSE)
happened <- rbind(long("transplant", myeloid, "txtime"), long("response", myeloid, "crtime"),
                  long("relapse", myeloid, "rltime"), long("death", myeloid[myeloid$death == 1, ], "futime"))
entered <- transform(leukaemia, entry = (id %% 7) * 9, late = TRUE)
entered <- entered[entered$entry < entered$futime, ]
seen <- happened[happened$id %in% entered$id, ]

ends <- tapply(cgd$tstop, cgd$id, max)
ids <- as.numeric(names(ends))
disease <- data.frame(id = ids, futime = as.vector(ends), death = 0,
                      group = as.character(cgd$treat[match(ids, cgd$id)]), entry = 0, late = FALSE)
infected <- long("infection", cgd[cgd$status == 1, ], "tstop")

set <- function(base, events, ...) list(
  base = as.list(base), events = list(row = match(events$id, base$id) - 1, kind = events$kind, time = events$time),
  cases = list(...))
sets <- list(
  myeloid = set(leukaemia, happened,
    answer("zero to death", "*1.zero.death", leukaemia, happened, zero, "death"),
    answer("zero to relapse or death", "*1.zero.relapse-death", leukaemia, happened, zero, c("relapse", "death")),
    answer("response to relapse, death competing", "*1.first-response.relapse.death", leukaemia, happened,
           first("response"), "relapse", "death"),
    answer("response to relapse or death, cut at transplant", "*1.first-response.relapse-death..transplant", leukaemia,
           happened, first("response"), c("relapse", "death"), character(), "transplant"),
    answer("transplant to death", "*1.first-transplant.death", leukaemia, happened, first("transplant"), "death")),
  entered = set(entered, seen,
    answer("late entry, zero to relapse or death", "*1.zero.relapse-death", entered, seen, zero, c("relapse", "death")),
    answer("late entry, response to death", "*1.first-response.death", entered, seen, first("response"), "death")),
  cgd = set(disease, infected,
    answer("zero to infection", "*1.zero.infection", disease, infected, zero, "infection"),
    answer("first infection to the next", "*1.first-infection.infection", disease, infected, first("infection"), "infection")))
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), sets = sets),
             digits = NA, auto_unbox = TRUE, na = "null"), "test/reference/fixtures/endpoints.json")
