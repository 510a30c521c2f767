// Package lastmile foretells when a vehicle of our own comes to each of its stops, and learns from every stop that it
// closes.
//
// What is expected of a stop is a sum over the stops before it: the way there at the speed of the hour and weekday, the
// time that a stop of its kind takes, what this depot and this driver add or save, the chance that it is left out. How
// wide the window is follows from how wrong such sums were before, by how many stops were left when they were made.
//
// All that is learnt is kept as sums that decay from a fixed landmark: those of any two workers can be added.
package lastmile
