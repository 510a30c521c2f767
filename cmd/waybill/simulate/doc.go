// Package simulate plays a shop's shipments: journeys of several carriers and of the in-house fleet, told in the
// carriers' real payload formats and posted over HTTP as real carriers post.
//
// Three steps, each by itself: Draw makes a parcel's journey, a pure function of seed, index and start; a Telling
// writes scans as a carrier would; a Driver lives the journeys by a Clock and posts what they tell.
//
// What lies before the start has its true times and is told at once. What comes after is lived as many times faster
// as the clock says, and is stamped with the real moment at which it is lived: pages then speak of the present.
package simulate
