// Package transit predicts how long a parcel takes to its door, as a
// distribution, and learns from every delivery as it is reported.
//
// It knows no store and no clock: a Model is a value in memory, fed by three
// calls and written and read as bytes.
//
//	p := model.Predict(query)           // when it will arrive
//	model.Start(query, p.Basis)         // it is on its way: late parcels tell of congestion
//	model.Learn(Outcome{query, basis…}) // it has arrived
//
// # The model
//
// Time is counted on a working clock: Saturdays, Sundays and holidays pass
// slower. What is predicted is y = log(working days + 1/2).
//
//  1. Effects: decayed means of residuals, each shrunk to none by its prior
//     weight, add up to the base: network, distance, service, lane, postcode,
//     shipper. These are the long memory.
//  2. Pace: how many arrivals of the past days were expected by the base and
//     how many there were. It counts parcels that are still under way, so that
//     a strike shows before its parcels arrive, and a network that has become
//     faster before its slow parcels are gone. This is the short memory. Of a
//     slower pace only a part is taken to last.
//  3. A ridge regression on effects, pace, promise and the parcel's own
//     features gives each its strength. Its sums decay, so it needs no training run.
//  4. The pace against the forecast of step 3 corrects what is left.
//  5. Decayed histograms of one-step-ahead residuals give the quantiles.
//
// # State
//
// Every sum in the state is a sum over outcomes of terms that depend on the
// outcome and on the Basis stored with its prediction, never on the state.
// Decay runs forward from a fixed landmark: an outcome's weight depends on its
// own time alone. So the states of two workers add up (Merge), in any order, to
// what one worker would have had, but for rounding; and learning twice is
// prevented by the caller alone, who knows what was learnt.
package transit
