// Package rounds makes up rounds of delivery vans, with the truth of how they went, to measure the forecasts of the last
// mile by and to be played in the demo. docs/lastmile.md states what is assumed; world.go has the figures.
package rounds
