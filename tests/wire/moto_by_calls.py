"""Resources that moto has, but its CloudFormation does not know: each is made by the calls of AWS's own API, with the
properties of the template in their parameters. boto3 holds these against AWS's description of the API, moto answers.
`url` is where moto listens."""

import json

import boto3
from moto.core.common_models import CloudFormationModel

MANAGEMENT = "123456789012"

url = None
sessions = {}


def session(account):
    """The session that opens an account, as moto gives it to anybody."""
    if account not in sessions:
        given = {"AccessKeyId": "testing", "SecretAccessKey": "testing", "SessionToken": None}
        if account != MANAGEMENT:
            role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
            sts = session(MANAGEMENT).client("sts", endpoint_url=url, region_name="us-east-1")
            given = sts.assume_role(RoleArn=role, RoleSessionName="stack")["Credentials"]
        sessions[account] = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    return sessions[account]


def camel(value):
    """Properties as AWS Config and RAM call them."""
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: camel(inner) for name, inner in value.items()}
    return [camel(inner) for inner in value] if isinstance(value, list) else value


def recorder(client, properties):
    client.put_configuration_recorder(ConfigurationRecorder=camel(properties))
    return properties["Name"], {}


def delivery_channel(client, properties):
    """CloudFormation starts the recorder, too."""
    client.put_delivery_channel(DeliveryChannel=camel(properties))
    client.start_configuration_recorder(ConfigurationRecorderName=properties["Name"])
    return properties["Name"], {}


def rule(client, properties):
    given = properties.get("InputParameters")
    parameters = {"InputParameters": json.dumps(given)} if given else {}
    client.put_config_rule(ConfigRule={**properties, **parameters})
    return properties["ConfigRuleName"], {}


def aggregator(client, properties):
    made = client.put_configuration_aggregator(**properties)["ConfigurationAggregator"]
    return made["ConfigurationAggregatorName"], {"ConfigurationAggregatorArn": made["ConfigurationAggregatorArn"]}


def detector(client, properties):
    return client.create_detector(**properties)["DetectorId"], {}


def administrator(client, properties):
    client.enable_organization_admin_account(**properties)
    return properties["AdminAccountId"], {}


def configuration(client, properties):
    """The API nests what the template has beside the rest; moto asks for the status that AWS would tell."""
    rest = {name: properties[name] for name in ("AutoEnable", "AutoEnableStandards")}
    sort = {"ConfigurationType": properties["ConfigurationType"], "Status": "ENABLED"}
    client.update_organization_configuration(**rest, OrganizationConfiguration=sort)
    return "configuration", {}


def work_group(client, properties):
    client.create_work_group(
        Name=properties["Name"],
        Description=properties["Description"],
        Configuration=properties["WorkGroupConfiguration"],
    )
    return properties["Name"], {}


def named_query(client, properties):
    return client.create_named_query(**properties)["NamedQueryId"], {}


def database(client, properties):
    client.create_database(**properties)
    return properties["DatabaseInput"]["Name"], {}


def table(client, properties):
    client.create_table(**properties)
    return properties["TableInput"]["Name"], {}


def subscription(client, properties):
    return client.subscribe(ReturnSubscriptionArn=True, **properties)["SubscriptionArn"], {}


def topic_policy(client, properties):
    policy = json.dumps(properties["PolicyDocument"])
    for topic in properties["Topics"]:
        client.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    return "policy", {}


def bus_policy(client, properties):
    statement = {"Sid": properties["StatementId"], **properties["Statement"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client.put_permission(EventBusName=properties["EventBusName"], Policy=policy)
    return properties["StatementId"], {}


def share(client, properties):
    arn = client.create_resource_share(**camel(properties))["resourceShare"]["resourceShareArn"]
    return arn, {"Arn": arn}


def provider(client, properties):
    arn = client.create_open_id_connect_provider(
        Url=properties["Url"],
        ClientIDList=properties["ClientIdList"],
    )["OpenIDConnectProviderArn"]
    return arn, {"Arn": arn}


def service_linked_role(client, properties):
    return client.create_service_linked_role(**properties)["Role"]["RoleName"], {}


def domain(client, properties):
    made = client.create_domain(**properties)
    name = made["DomainArn"].split("/")[-1]
    told = client.describe_domain(DomainId=name)
    return name, {"DomainArn": made["DomainArn"], "DomainId": name, "Url": told.get("Url", "")}


def egress(client, properties):
    """API and template differ in how they nest a rule."""
    other = properties.get("DestinationSecurityGroupId")
    text = {"Description": properties["Description"]}
    to = {"UserIdGroupPairs": [{"GroupId": other, **text}]} if other else {}
    if "CidrIp" in properties:
        to = {"IpRanges": [{"CidrIp": properties["CidrIp"], **text}]}
    if "DestinationPrefixListId" in properties:
        to = {"PrefixListIds": [{"PrefixListId": properties["DestinationPrefixListId"], **text}]}
    ports = {name: properties[name] for name in ("IpProtocol", "FromPort", "ToPort")}
    client.authorize_security_group_egress(GroupId=properties["GroupId"], IpPermissions=[{**ports, **to}])
    return "rule", {}


def budget(client, properties):
    """The API takes amounts as texts, and the account beside them."""
    wanted = json.loads(json.dumps(properties["Budget"]))
    wanted["BudgetLimit"]["Amount"] = str(wanted["BudgetLimit"]["Amount"])
    told = properties.get("NotificationsWithSubscribers", [])
    account = client.meta.account
    client.create_budget(AccountId=account, Budget=wanted, NotificationsWithSubscribers=told)
    return wanted["BudgetName"], {}


# By type: the service as boto3 names it, and what makes one and gives its id and its attributes.
TYPES = {
    "AWS::Athena::NamedQuery": ("athena", named_query),
    "AWS::Athena::WorkGroup": ("athena", work_group),
    "AWS::Budgets::Budget": ("budgets", budget),
    "AWS::Config::ConfigRule": ("config", rule),
    "AWS::Config::ConfigurationAggregator": ("config", aggregator),
    "AWS::Config::ConfigurationRecorder": ("config", recorder),
    "AWS::Config::DeliveryChannel": ("config", delivery_channel),
    "AWS::EC2::SecurityGroupEgress": ("ec2", egress),
    "AWS::Events::EventBusPolicy": ("events", bus_policy),
    "AWS::Glue::Database": ("glue", database),
    "AWS::Glue::Table": ("glue", table),
    "AWS::GuardDuty::Detector": ("guardduty", detector),
    "AWS::IAM::OIDCProvider": ("iam", provider),
    "AWS::IAM::ServiceLinkedRole": ("iam", service_linked_role),
    "AWS::RAM::ResourceShare": ("ram", share),
    "AWS::SNS::Subscription": ("sns", subscription),
    "AWS::SNS::TopicPolicy": ("sns", topic_policy),
    "AWS::SageMaker::Domain": ("sagemaker", domain),
    "AWS::SecurityHub::DelegatedAdmin": ("securityhub", administrator),
    "AWS::SecurityHub::OrganizationConfiguration": ("securityhub", configuration),
}


def sort(resource_type, service, make):
    """What moto's CloudFormation takes for a sort of resource: it finds them by their base."""

    def create(cls, name, resource, account, region, **_):
        client = session(account).client(service, endpoint_url=url, region_name=region)
        client.meta.account = account
        made = cls()
        made.physical_resource_id, made.attributes = make(client, resource.get("Properties", {}))
        return made

    return type(
        resource_type.replace("::", ""),
        (CloudFormationModel,),
        {
            "__module__": f"moto.{service}.models",
            "cloudformation_type": staticmethod(lambda: resource_type),
            "cloudformation_name_type": staticmethod(lambda: ""),
            "has_cfn_attr": classmethod(lambda cls, name: True),
            "get_cfn_attribute": lambda self, name: self.attributes[name],
            "create_from_cloudformation_json": classmethod(create),
        },
    )


# Kept here, since moto knows its sorts only as long as somebody does.
SORTS = [sort(resource_type, *how) for resource_type, how in TYPES.items()]
