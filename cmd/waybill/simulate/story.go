package simulate

import "time"

// toTheDoor brings the parcel from the label to the station that delivers it.
func (j *journey) toTheDoor() {
	p := j.parcel
	j.expected = j.evening(j.guess())
	p.Promise = j.expected
	j.toNext(9)
	j.scan(Label)
	j.toNext(16)
	j.scan(PickedUp)
	j.pass(2 * time.Hour)
	j.scan(Departed)
	if p.Carrier != Fleet {
		j.overHubs()
	}
	if j.handsOver() {
		j.travel(p.Home)
		j.scan(HandedOver)
		p.Partner, j.partner = partnerNumber(j.rng), true
		j.pass(3 * time.Hour)
	} else {
		j.travel(p.Home)
	}
	j.toNext(5)
	j.scan(Local)
}

// guess is when the shop thinks that it arrives, before anything is known.
func (j *journey) guess() time.Time {
	days := 1 + int(j.parcel.From.kilometres(j.parcel.Home)/900)
	switch {
	case j.parcel.Service == "express":
		days = 1 + days/4
	case j.parcel.From.Country != j.parcel.Home.Country:
		days = min(days, 5) + 1
	}
	at := j.at
	for ; days > 0; days-- {
		at = at.AddDate(0, 0, 1)
		for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			at = at.AddDate(0, 0, 1)
		}
	}
	return at
}

// overHubs goes by the carrier's hubs, through customs where a border lies between; now and then there is a storm.
func (j *journey) overHubs() {
	p := j.parcel
	first, last := nearestHub(p.Carrier, p.From), nearestHub(p.Carrier, p.Home)
	j.travel(first)
	j.scan(Arrived)
	if j.chance(8) {
		j.storm()
	}
	j.pass(3 * time.Hour)
	j.scan(Departed)
	if last != first {
		j.travel(last)
		j.scan(Arrived)
	}
	if p.From.Country != p.Home.Country && (p.From.Country == "US" || p.Home.Country == "US" || p.Home.Country == "GB" || p.Home.Lon > 30) {
		j.customs()
	}
	if last != first {
		j.pass(2 * time.Hour)
		j.scan(Departed)
	}
}

// storm grounds the parcel for a day.
func (j *journey) storm() {
	j.pass(2 * time.Hour)
	j.expected = j.expected.AddDate(0, 0, 1)
	j.scan(Storm)
	j.pass(16 * time.Hour)
}

// customs looks at the parcel where it enters the country of the recipient.
func (j *journey) customs() {
	j.pass(time.Hour)
	j.scan(CustomsIn)
	if j.chance(20) {
		j.pass(4 * time.Hour)
		j.expected = j.expected.AddDate(0, 0, 2)
		j.scan(CustomsHeld)
		j.pass(20 * time.Hour)
	}
	j.pass(3 * time.Hour)
	j.scan(CustomsOut)
}

// handsOver: UPS's cheapest service is delivered by the post.
func (j *journey) handsOver() bool {
	p := j.parcel
	return p.Carrier == UPS && p.Service == "economy" && p.From.Country == "US" && p.Home.Country == "US"
}

// ending takes the parcel from the station to whatever its end is.
func (j *journey) ending() {
	j.toNext(8)
	j.round()
	switch roll := j.rng.IntN(100); {
	case roll < 84:
		j.scan(Delivered)
	case roll < 91:
		j.nobodyHome()
		j.scan(Delivered)
	case roll < 96:
		j.nobodyHome()
		j.toCounter()
	default:
		j.scan(Refused)
		j.back()
	}
}

// round is a day in the van, up to the recipient's door. Of our own vans the position is known too.
func (j *journey) round() {
	j.expected = j.evening(j.at)
	if j.parcel.Carrier != Fleet {
		j.scan(OnVehicle)
		j.pass(time.Hour + time.Duration(j.rng.IntN(6))*time.Hour)
		return
	}
	for _, kind := range []Kind{Sorted, Loaded, OnVehicle} {
		j.scan(kind)
		j.pass(10 * time.Minute)
	}
	j.drive(45 * time.Minute)
}

// drive goes from the depot at the edge of the city to the door, in steps.
func (j *journey) drive(step time.Duration) {
	home := j.place
	for _, stops := range []int{14, 9, 5, 2} {
		away := float64(stops) / 100
		j.place.Lat, j.place.Lon = home.Lat+away, home.Lon-away
		kind := OnTheRoad
		if stops <= 3 {
			kind = StopsAway
		}
		j.scan(kind).Stops = stops
		j.pass(step)
	}
	j.place = home
}

func (j *journey) nobodyHome() {
	j.scan(NobodyHome)
	j.pass(5 * time.Hour)
	j.toNext(8)
	j.round()
}

// toCounter leaves the parcel at a pickup point after a second try.
func (j *journey) toCounter() {
	j.scan(NobodyHome)
	j.pass(2 * time.Hour)
	j.scan(AtCounter)
	j.pass(5 * time.Hour)
	j.toNext(17)
	j.scan(Collected)
}

// back returns a refused parcel to the warehouse.
func (j *journey) back() {
	j.expected = time.Time{}
	j.partner = false
	j.toNext(14)
	j.scan(SentBack)
	j.travel(j.parcel.From)
	j.toNext(10)
	j.scan(Returned)
}

func (j *journey) chance(percent int) bool { return j.rng.IntN(100) < percent }

// disturb makes the carrier tell some scans late, so that later ones come first, and some twice.
func (j *journey) disturb() {
	for i := range j.parcel.Scans {
		scan := &j.parcel.Scans[i]
		if j.chance(6) && i > 0 && i < len(j.parcel.Scans)-1 {
			scan.Delay = time.Duration(1+j.rng.IntN(5)) * time.Hour
		}
		scan.Twice = j.chance(5)
	}
}
