package configs

import (
	"net/netip"
	"time"
)

// Config is every setting of Waybill, parsed and checked. What each one means,
// its default and what is allowed stand in the table (see Settings).
type Config struct {
	DataDir         string
	CarriersDir     string
	Listen          string
	PublicURL       string
	InsecureHTTP    bool
	TrustedProxies  []netip.Prefix
	ShutdownTimeout time.Duration

	Mongo     Mongo
	Redis     Redis
	Seal      Seal
	Log       Log
	OTel      OTel
	Metrics   Metrics
	SMTP      SMTP
	Bounces   Bounces
	Twilio    Twilio
	WebPush   WebPush
	FCM       FCM
	APNs      APNs
	Webhooks  Webhooks
	Ingest    Ingest
	Inbox     Inbox
	Limits    Limits
	SignIn    SignIn
	OIDC      OIDC
	Cases     Cases
	Customers Customers
	Blobs     Blobs
	Retention Retention
	Workers   Workers
	Silence   Silence
	Pull      Pull
	Demo      Demo
}

// Mongo is the scaled-out store. An empty URI means SQLite in DataDir.
type Mongo struct {
	URI      ConnString
	Database string
	Timeout  time.Duration
}

// Redis is the scaled-out queue. An empty URL means miniredis in the process.
type Redis struct {
	URL     ConnString
	Cluster bool
}

// Seal holds the master key, base64 of 32 bytes; read it by Config.MasterKey.
type Seal struct {
	Key Secret
}

// Log says what is logged (Level) and how (Format).
type Log struct {
	Level  string
	Format string
}

// OTel is where traces go, if anywhere.
type OTel struct {
	Endpoint    string
	SampleRatio float64
}

// Metrics says where Prometheus metrics are served and to whom.
type Metrics struct {
	Listen string
	Allow  []netip.Prefix
}

// SMTP is the mail server. An empty Host switches e-mail off.
type SMTP struct {
	Host     string
	Port     int
	User     string
	Password Secret
	From     string
	TLS      string // one of the TLS* constants
	// The domain's signature; an empty DKIMDomain leaves signing to the mail server.
	DKIMDomain   string
	DKIMSelector string
	DKIMKeyFile  string
}

// Bounces say how it is learnt what became of mails. An empty Listen and Provider learn nothing.
type Bounces struct {
	Address  string
	Listen   string
	Provider string // one of the mail providers
	Secret   Secret
}

// The ways to speak to a mail server: upgrade (587), TLS at once (465), plain.
const (
	TLSStart    = "starttls"
	TLSImplicit = "implicit"
	TLSNone     = "none"
)

// Inbox is a folder in which gateways leave files. An empty Dir switches it off.
type Inbox struct {
	Dir      string
	Interval time.Duration
}

// Twilio is the SMS account. An empty AccountSID switches SMS off.
type Twilio struct {
	AccountSID          string
	AuthToken           Secret
	From                string
	MessagingServiceSID string
	BaseURL             string
}

// WebPush is the VAPID key pair. An empty PublicKey switches web push off.
type WebPush struct {
	PublicKey  string
	PrivateKey Secret
	Subject    string
}

// FCM is Firebase Cloud Messaging for apps on Android. An empty CredentialsFile switches it off.
type FCM struct {
	CredentialsFile string
	BaseURL         string
}

// APNs is Apple's push service. An empty KeyFile switches it off.
type APNs struct {
	KeyFile string
	KeyID   string
	TeamID  string
	Topic   string
	Sandbox bool
	BaseURL string
}

// Webhooks rules the deliveries to sellers' endpoints.
type Webhooks struct {
	AllowPrivateNetworks bool
}

// Ingest rules how scans are taken in.
type Ingest struct {
	MaxBody     Size
	AckWait     time.Duration
	MaxInFlight int
}

// Limits rules who may ask how often, and what is shed first in a burst.
type Limits struct {
	LookupsPerMinute       int
	KeyRequestsPerMinute   int
	PostalCodeTriesPerHour int
	ShedLookupsAbove       int
	ShedSellersAbove       int
}

// Blobs is where pictures are kept.
type Blobs struct{ URL string }

// Cases rules how soon customers' problems are dealt with.
type Cases struct {
	AnswerWithin time.Duration
	SettleWithin time.Duration
	OpenAfter    time.Duration
}

// Customers rules what customers see.
type Customers struct{ OpenFor time.Duration }

// OIDC is the OpenID provider by which staff sign in.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret Secret
	Name         string
	TrustEmails  bool
}

// SignIn rules how people sign in.
type SignIn struct {
	Idle       time.Duration
	Life       time.Duration
	StaffCodes bool
}

// Retention says how long records are kept.
type Retention struct {
	ReceiptsDays int
	LegsMonths   int
}

// Workers rules the background work.
type Workers struct {
	Concurrency   int
	RelayInterval time.Duration
	QueueInterval time.Duration
	TimerInterval time.Duration
	SweepInterval time.Duration
	Lease         time.Duration
}

// Silence says after how long without a scan a shipment is late, then given up.
type Silence struct {
	DelayedAfter time.Duration
	ExpiredAfter time.Duration
}

// Pull rules how carriers are asked.
type Pull struct {
	Enabled              bool
	Concurrency          int
	Timeout              time.Duration
	AllowPrivateNetworks bool
}

// Demo rules the simulation of `waybill demo`.
type Demo struct {
	Shipments int
	Speed     float64
	Outbox    bool
}
