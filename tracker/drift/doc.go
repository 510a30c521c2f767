// Package drift watches how carriers' payloads change without notice, and whether their feeds are alive.
//
// What was read of each payload is counted in memory (Collector) and added to the store in batches (Flush): by carrier,
// account and format, in hours. Counts are sums, maxima and latest samples, so that those of any number of processes
// merge in any order. A crash loses the counts of at most one flush interval; a commit whose answer was lost may be
// counted twice. The payloads themselves are receipts and lost by neither.
//
// A Watch folds hours that are over into a base that forgets, and compares what comes now with it. What is improbable
// opens an Alert, which closes when things are as usual again. A feed that falls silent against its usual hours of the
// week, or whose requests all fail, is down: pages say so, and the rules for late parcels pause (Health).
//
// # The rule for jumps
//
// A payload (or a shipment in it) either has a fault of a kind or not. Be p the highest share of such faults that the
// base leaves plausible: half as much again as the usual share, its two standard errors on top, the same for the hour
// of the day. Of n payloads of the running hour, of the last three or of the last 24 hours, x have the fault. The alert opens
// where x >= 5 and n·D(x/n ‖ p) >= 14, D being the Kullback-Leibler divergence: by Chernoff's bound, which is never
// too small, that has a chance below e^-14, one in 1.2 million, as long as the share is at most p.
//
// # The rule for silence
//
// Every hour of the week has its usual number of posts, forgotten by a third each week and taken at half. With the
// neighbouring hours' minimum for each, so that summer time and a late start do no harm, they are added up from the last
// post on. Where ten posts should have come and none has, a feed is silent: the chance of that is e^-10 at half its
// usual volume. Hours in which nobody listened do not count, weeks of less volume lower the expectation, and before two
// weeks have been seen nothing is expected at all.
package drift
